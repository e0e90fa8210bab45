"""Send a request to any path of Vimeo's API: for what no tool does.

It is in no toolset, and can be neither found nor called by name: an agent gets it only by its name in `include`.
What a request does to people is not known beforehand, so each but a GET counts as one that takes something away or
replaces it; a POST as one that adds something, unless a tool that posts there replaces something by it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, create_model, model_validator
from pydantic_core import core_schema

from vimeo_toolkit.catalog import catalog
from vimeo_toolkit.catalog.api_path import check_names, read_path
from vimeo_toolkit.catalog.api_scopes import scopes_of_route
from vimeo_toolkit.catalog.declaring import Toolset
from vimeo_toolkit.catalog.inputs import secret_text
from vimeo_toolkit.catalog.marks import Help
from vimeo_toolkit.catalog.selection import RAW_REQUEST
from vimeo_toolkit.catalog.tool import ToolInput
from vimeo_toolkit.catalog.untrusted import ANY_FREE_TEXT
from vimeo_toolkit.secret import Secret
from vimeo_toolkit.wire.api_request import ApiRequest
from vimeo_toolkit.wire.redact import redacted

if TYPE_CHECKING:
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.tool import Tool

__all__ = ["LARGEST_BODY", "RawRequest", "by_code", "raw_request"]

LARGEST_BODY: Final = 1024 * 1024
"""Characters of a request's JSON."""
LONGEST_ADDRESS: Final = 8_000
"""Characters of the path and its params together: many servers take no more."""


def _toolset() -> Toolset:
    """Return a group of its own for each of the tools: they have one name."""
    return Toolset("any", "Send any request.")


def _json_text(value: Any) -> Any:
    """Return the JSON text of a value, compact; of a text the JSON that it is."""
    try:
        if isinstance(value, str):
            value = json.loads(value)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()  # half a character (a lone surrogate) cannot be sent
    except (TypeError, ValueError, RecursionError):
        raise ValueError('this is not JSON, such as {"name": "Harbour"}') from None
    return text


def _path(written: str) -> str:
    read_path(written)
    return written


_JSON: Final = secret_text(core_schema.str_schema(max_length=LARGEST_BODY), read=_json_text)


class RawRequest(ToolInput):
    """Send a request to Vimeo's API (version 3.4), for what no other tool does. A person approves all but GET."""

    path_input: ClassVar[str] = "path"

    method: Annotated[
        Literal["GET", "POST", "PUT", "PATCH", "DELETE"],
        BeforeValidator(lambda value: value.strip().upper() if isinstance(value, str) else value),
        WithJsonSchema({"type": "string", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]}),
        Help("The method: GET reads, POST makes, PATCH and PUT change, DELETE deletes."),
    ]
    path: Annotated[
        str,
        Field(min_length=1),
        AfterValidator(_path),
        Help('The path of the API, such as "/me/videos", from its first slash on and without a host.'),
    ]
    """Such as /me/videos."""
    params: Annotated[
        Secret | None,
        _JSON,
        Help('The query as a JSON object, such as {"fields": "uri,name"}.', "There is none when left out."),
    ] = None
    """The query, a JSON object; fields, such as "uri,name", keeps the answer short."""
    body: Annotated[
        Secret | None,
        _JSON,
        Help("The body as JSON.", "The request has none when it is left out."),
    ] = None
    """The body, as JSON."""

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, given: Any) -> Any:
        """Take the body under the name that it has in Python."""
        if isinstance(given, Mapping) and "json" in given and given.get("body") is None:
            return {
                "body" if name == "json" else name: value for name, value in given.items() if name != "body"
            }
        return given

    @model_validator(mode="after")
    def _checked(self) -> Self:
        """Refuse what a server may read in two ways, or as another user's."""
        path, behind = read_path(self.path)
        query = self._query()
        if both := sorted(behind.keys() & query.keys()):
            raise ValueError(f"{both[0][:64]} stands both behind the path and in params: give it once")
        check_names((*behind, *query), "params")
        if len(path) + sum(len(name) + len(value) + 2 for name, value in query.items()) > LONGEST_ADDRESS:
            raise ValueError(f"path and params have more than {LONGEST_ADDRESS:,} characters together")
        if isinstance(body := self._body(), Mapping):
            check_names(body, "body")
        if self.method == "GET" and body is not None:
            raise ValueError("a GET has no body: give params, or another method")
        if body is not None and not isinstance(body, dict | list):
            raise ValueError("the body is a JSON object or a list")
        return self

    def needed_scopes(self) -> frozenset[str]:
        """Return the scopes that the API's document or a tool on the same route names, if one does."""
        path, _ = read_path(self.path)
        named = [tool.scopes for tool in tools_of_route(self.method, path)]
        return scopes_of_route(self.method, path).union(frozenset.intersection(*named) if named else ())

    def without_secrets(self) -> Self:
        """Return the same request with `***` for what looks like a secret in it, as a plan shows it."""
        hidden = {
            name: Secret(json.dumps(redacted(json.loads(value.reveal())), ensure_ascii=False))
            for name in ("params", "body")
            if (value := getattr(self, name)) is not None
        }
        return self.model_copy(update=hidden)

    @property
    def sent(self) -> str:
        """What is sent, for the person who is asked: method, path, and the rest without secrets."""
        shown = self.without_secrets()
        rest = [f"{name} {value.reveal()}" for name in ("params", "body") if (value := getattr(shown, name))]
        return ", ".join([f"{self.method} {self.path}", *rest])

    async def run(self, api: Api) -> Any:
        """Send the request; return the answer's JSON, whatever it is."""
        path, query = self.address()
        return await api.send(ApiRequest(self.method, path, query, self._body()))

    def address(self) -> tuple[str, dict[str, str]]:
        """Return the path, before it is encoded, and the whole query."""
        path, behind = read_path(self.path)
        return path, {**behind, **self._query()}

    def _query(self) -> dict[str, str]:
        given = None if self.params is None else json.loads(self.params.reveal())
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise ValueError('params is a JSON object, such as {"per_page": 10}')
        return {name: _param(name, value) for name, value in given.items() if value is not None}

    def _body(self) -> Any:
        return None if self.body is None else json.loads(self.body.reveal())


def _param(name: str, value: Any) -> str:
    """Return the value of a query's parameter as text; of a list its parts with commas, as Vimeo takes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_param(name, each) for each in value)
    if not isinstance(value, str | int | float):
        raise ValueError(
            f"{name[:64]} in params is neither a text, a number, true or false, nor a list of these"
        )
    return str(value)


_DECLARED: Final[dict[str, Any]] = {
    "name": RAW_REQUEST,
    "asks": "Send to Vimeo {sent}?",
    "untrusted_parts": (ANY_FREE_TEXT,),
    "success_message": "Vimeo took the request; its answer has no content.",
}
_toolset().local(
    **_DECLARED,
    read_only=False,
    idempotent=False,
    destructive=True,
    visible_to_others=True,
    always_asked=True,
)(RawRequest)


def _only(method: str) -> type[RawRequest]:
    """Return the input of requests with this method alone, and declare what they do to people."""
    named = Annotated[Literal[method], *RawRequest.model_fields["method"].metadata]  # type: ignore[valid-type]
    model = create_model(
        f"{method.title()}Request", __base__=RawRequest, __doc__=RawRequest.__doc__, method=(named, ...)
    )
    reads = method == "GET"
    return _toolset().local(
        **_DECLARED,
        read_only=reads,
        idempotent=method != "POST",
        destructive=method not in ("GET", "POST"),
        visible_to_others=not reads,
        always_asked=not reads,
    )(model)


@cache
def _by_method() -> dict[str, Tool]:
    return {method: _only(method).tool for method in ("GET", "POST", "PUT", "PATCH", "DELETE")}


def raw_request(given: Any) -> Tool:
    """Return the tool that a request is, by its method: what it does to people, and whether it may be repeated.

    Args:
        given: its inputs as a caller wrote them; where they name no method, the call will say what is wrong.
    """
    named = given if isinstance(given, Mapping) else {}
    method = str(named.get("method")).strip().upper()
    tool = _by_method().get(method)
    if tool is None:
        return RawRequest.tool
    if method == "POST" and _replaces(named.get("path")):
        return _replacing()
    return tool


@cache
def _replacing() -> Tool:
    return dataclasses.replace(_by_method()["POST"], destructive=True)


def by_code(tool: Tool) -> Tool:
    """Return the same tool for a product's own code, which the toolkit's rule for approvals concerns as it does
    any other tool."""
    return dataclasses.replace(tool, always_asked=False)


def tools_of_route(method: str, path: str) -> list[Tool]:
    """Return the tools that are declared with the same route, `/me` and `/users/ID` being two."""
    parts = path.split("/")
    return [
        tool
        for tool in catalog().values()
        if tool.method == method
        and not tool.input_model.plans
        and len(route := tool.path.split("/")) == len(parts)
        and all(part.startswith("{") or part == given for part, given in zip(route, parts, strict=True))
    ]


def _replaces(path: Any) -> bool:
    try:
        sent, _ = read_path(path) if isinstance(path, str) else ("/", {})
    except ValueError:
        return False
    return any(tool.destructive for tool in tools_of_route("POST", sent))
