"""Every recorded answer of the live API, served over HTTP to the tools that make its request.

The recordings lie beside the project and are not part of it. What they settled stands in ordinary tests.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.examples import UPLOADS
from tests.recordings.routes import asking, whatever
from tests.recordings.stub import Stub, serve
from tests.unit.world import USER
from vimeo_toolkit import (
    AuthorizationFailed,
    BadRequest,
    ConfigurationError,
    Connection,
    Forbidden,
    MissingScope,
    NotFound,
    OutcomeUnknown,
    QuotaExceeded,
    RateLimited,
    Revoked,
    ToolResult,
    UnexpectedResponse,
    UploadNotGranted,
    VimeoError,
    VimeoToolkit,
    VimeoToolkitError,
    VimeoUnavailable,
)
from vimeo_toolkit.calls.response import body_of
from vimeo_toolkit.calls.spec import CallSpec
from vimeo_toolkit.runtime.blocking import run_sync
from vimeo_toolkit.runtime.ports import HttpResponse

RECORDINGS = Path(__file__).parents[3] / "shared" / "vimeo-api" / "recordings"

SECRET = re.compile(
    r"redactedsignature|mock_live_key|mock_chat_token|mock_live_link|a-password|tus\.vimeo\.com/\S*[0-9a-f]{32}"
    r"|/review/\d+/\w+|mock_\w*(?:hls|dash|progressive)_link\b"
)
"""What the recordings have where a secret was, told without the toolkit's own rules."""
OPEN = re.compile(r"https?:(?:\\?/){2}i\.vimeocdn\.com[^\s\"']*")
"""Links of pictures, which may be shown, whatever they are signed with."""
EMPTY = ("Something strange", "You have provided an invalid", "An unknown error", "The parameters passed")


def recordings() -> Iterator[dict[str, Any]]:
    for path in sorted(RECORDINGS.glob("*.json")):
        if path.name != "index.json":
            yield json.loads(path.read_text())


def expected(recording: dict[str, Any]) -> tuple[type[VimeoToolkitError], ...]:
    """The class of the error that a recorded refusal means."""
    status, body = recording["response"]["status"], recording["response"]["body"]
    method = recording["request"]["method"]
    if recording["request"]["path"].startswith("/oauth/access_token"):
        return (AuthorizationFailed, ConfigurationError, UnexpectedResponse, VimeoUnavailable)
    if status == 429:
        return (RateLimited,)
    if not isinstance(body, dict):
        return (UnexpectedResponse, RateLimited)
    code, said = body.get("error_code"), json.dumps(body)
    if status == 401:
        return (Revoked,)
    if code == 2286:
        return (NotFound,)
    if status >= 500:
        return (OutcomeUnknown,) if method in ("POST", "PATCH") and status != 503 else (VimeoUnavailable,)
    if code in (4101, 4102, 4104):
        return (QuotaExceeded,)
    if status == 403 and re.search(r'\\"\w+\\" scope', said):
        return (MissingScope,)
    if status == 403:
        return (UploadNotGranted, Forbidden) if "upload" in said and method == "POST" else (Forbidden,)
    return ({400: BadRequest, 404: NotFound}.get(status, VimeoError),)


def hidden(value: Any) -> bool:
    return isinstance(value, str) and "[redacted]" in value


def differences(got: Any, recorded: Any, path: str = "") -> Iterator[str]:
    """Where a result is not what was recorded, but for what is redacted."""
    if hidden(got):
        return
    if isinstance(recorded, dict) and isinstance(got, dict):
        for name in recorded.keys() | got.keys():
            yield from differences(got.get(name), recorded.get(name), f"{path}.{name}")
    elif isinstance(recorded, list) and isinstance(got, list) and len(got) == len(recorded):
        for place, (one, other) in enumerate(zip(got, recorded, strict=True)):
            yield from differences(one, other, f"{path}[{place}]")
    elif got != recorded:
        yield f"{path}: {str(got)[:80]!r} instead of {str(recorded)[:80]!r}"


def wrong_result(result: ToolResult, recording: dict[str, Any]) -> Iterator[str]:
    status, body = recording["response"]["status"], recording["response"]["body"]
    if status >= 400:
        yield f"a success, though Vimeo refused with {status}"
        return
    if not body:
        if result.get("success") is not True:
            yield "an empty answer is not a success"
        return
    yield from differences(dict(result), body)
    for name in ("uri", "name"):
        value = body.get(name) if isinstance(body, dict) else None
        if isinstance(value, str) and json.dumps(value, ensure_ascii=False) not in result.to_text():
            yield f"{name} is not in the text for a model"
    entries = body.get("data") if isinstance(body, dict) else None
    shown = result.for_model()
    if isinstance(entries, list) and len(shown.get("data", ())) != len(entries) and "cut" not in shown:
        yield f"entries are missing in the text for a model: {result.to_text()[:200]}"


def wrong_error(error: VimeoToolkitError, recording: dict[str, Any]) -> Iterator[str]:
    status, body = recording["response"]["status"], recording["response"]["body"]
    if status < 400:
        yield f"{error!r}, though Vimeo answered with {status}"
    elif not isinstance(error, expected(recording)):
        yield f"{type(error).__name__} instead of {expected(recording)}: {error}"
    elif isinstance(error, VimeoError | VimeoUnavailable) and isinstance(body, dict) and status != 429:
        for name in ("error", "developer_message"):
            said = str(body.get(name) or "")
            words = [] if said.startswith(EMPTY) else re.findall(r"\w+", said)[:8]
            if not set(words) <= set(re.findall(r"\w+", str(error))):
                yield f"{name} is not told: {error}"
        if "error_code" in body and error.error_code != body["error_code"]:
            yield f"the code is lost: {error.to_dict()}"
    if not str(error).isprintable() or not error.hint:
        yield f"not a text to show: {error}"


def judge(call: Any, recording: dict[str, Any], *, whole: bool = True) -> Iterator[str]:
    """What is wrong with what came of a call; `whole`: it is this one request and nothing else."""
    try:
        outcome = call()
    except VimeoToolkitError as error:
        if whole or recording["response"]["status"] >= 400:
            yield from wrong_error(error, recording)
        shown = [str(error), json.dumps(error.to_dict())]
    except Exception as error:
        yield f"raw {type(error).__name__}: {error}"
        return
    else:
        if isinstance(outcome, ToolResult):
            if whole or recording["response"]["status"] >= 400:
                yield from wrong_result(outcome, recording)
            shown = [outcome.to_text(), json.dumps(outcome.data)]
        else:
            shown = [repr(outcome)]
    for text in shown:
        if len(text) > 24_600 and text == shown[0]:
            yield f"{len(text)} characters for a model"
        if found := SECRET.search(OPEN.sub("", text)):
            yield f"the secret {found[0]!r} is shown"


def authorize(toolkit: VimeoToolkit) -> Any:
    link = toolkit.get_authorization_link(identifier="new").link
    state = re.search(r"state=([^&]+)", link)
    assert state
    return toolkit.complete_authorization(
        f"http://127.0.0.1/callback?code=a-code-of-vimeo&state={state[1]}", identifier="new"
    )


def replay(recording: dict[str, Any], stub: Stub) -> Iterator[str]:
    """Everything that makes the recorded request, and what is wrong with what came of it."""
    request, response = recording["request"], recording["response"]
    method, path = request["method"], urlsplit(request["path"]).path
    if not path.startswith("/"):  # an upload link of its own host
        content = json.dumps(response["body"]).encode()
        yield from differences(
            body_of(HttpResponse(response["status"], {}, content), method), response["body"]
        )
        return
    path = "/me" if path == "/" else path
    if path == "/oauth/access_token":
        stub.show(recording, path)
        with connected(stub) as toolkit:
            yield from (f"authorizing: {what}" for what in judge(lambda: authorize(toolkit), recording))
        return
    if path == "/oauth/verify":
        stub.show(recording, path)
        with connected(stub) as toolkit:
            scopes = toolkit.get_connected_account(identifier="u").granted_scopes
        yield from differences(sorted(scopes), sorted(response["body"]["scope"].split()), "scopes")
        return
    for tool, values, asked in asking(method, request["path"].replace("/?", "/me?")):
        stub.show(recording, asked)
        whole = not {"run", "request"} & vars(tool.input_model).keys()
        if "path" in tool.input_model.model_fields and response["status"] < 400:
            continue  # it would go on with an upload link, which leads out of the stub
        with connected(stub) as toolkit:
            call = partial(toolkit.execute_tool, identifier="u", tool_name=tool.name, tool_input=values)
            found = list(judge(call, recording, whole=whole))
            if (method, asked) in stub.asked:
                yield from (f"{tool.name}: {what}" for what in found)
            elif whole:
                yield f"{tool.name}: asked {stub.asked}"
            if whole and "per_page" in tool.input_model.model_fields and response["status"] < 400:
                items = list(toolkit.iterate(tool.name, values, identifier="u", max_items=3))
                if len(items) != min(3, len(response["body"].get("data", ()))):
                    yield f"{tool.name}: {len(items)} items by iterate"
    stub.show(recording, path)
    anything = whatever(method, path)
    with connected(stub) as toolkit:
        flow = toolkit._engine.run(toolkit._blocking, CallSpec(USER, anything, {}))
        yield from (f"{method} {path}: {what}" for what in judge(partial(run_sync, flow), recording))


@contextmanager
def connected(stub: Stub) -> Iterator[VimeoToolkit]:
    """A toolkit with a user whose token the stub accepts until the recorded answer comes."""
    connection = Connection(
        client_id="an-app",
        client_secret="its-secret",
        redirect_uri="http://127.0.0.1/callback",
        scopes=["private"],
        api_url=stub.url,
    )
    with VimeoToolkit(
        [connection], store="sqlite:///:memory:", max_wait=0, timeout=5, upload_folders=[UPLOADS]
    ) as toolkit:
        revoked, stub.revoked = stub.revoked, False
        toolkit.import_token(identifier="u", access_token="held-by-the-user")
        stub.revoked = revoked
        stub.asked.clear()
        yield toolkit


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recordings are not beside this clone")
def test_every_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    """The right result or the right error, no secret, nothing raw."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    wrong = []
    with serve() as stub:
        for recording in recordings():
            wrong += [f"{recording['id']}: {what}" for what in replay(recording, stub)]
    assert not wrong, "\n".join(wrong)
