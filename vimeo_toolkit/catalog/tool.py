"""What a tool is: the model of its input, declared with a route.

    @organize.put(
        "/me/albums/{album_id}/videos/{video_id}", name="vimeo_showcase_video_add", scopes={"edit"}, …
    )
    class ShowcaseVideoAdd(ToolInput):
        \"""Add one of the user's videos to one of their showcases.\"""

        album_id: ShowcaseId
        video_id: VideoNumber

The docstring is the tool's description, the fields' docstrings are the arguments'. An input whose name stands
in the path goes there; the others go to the query of a GET or DELETE and to the JSON body of the rest.
`Annotated[…, At("privacy.view")]` puts one elsewhere in the body, `Annotated[…, Unsent("why")]` keeps an input
that Vimeo's endpoint does not have, and `Annotated[…, Shown("privacy.view")]` says where Vimeo's answer shows what
came of it, if elsewhere than its place in the body. A tool that is more than this overrides `request` or `run`.

What it does to people is declared, too: `outward` (others see it or are told of it), `destructive` (it takes away
or replaces what others see, or cannot be taken back), `undo` (by which tool it is taken back), and for the person
whose consent is asked, `asks` (the question, with names in it) and `looks` (reads that describe what is there).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from vimeo_toolkit.accounts.model import AccountRecord
from vimeo_toolkit.catalog.arguments import named_arguments
from vimeo_toolkit.catalog.effects import Asked, Shown, differences
from vimeo_toolkit.catalog.ids import owner_prefix
from vimeo_toolkit.catalog.looks import Effect, Look
from vimeo_toolkit.errors import ConfigurationError, InvalidInput
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.calls.kept import Kept
    from vimeo_toolkit.calls.result import RateLimit
    from vimeo_toolkit.uploads.content import Kind
    from vimeo_toolkit.uploads.sending import Uploader

__all__ = [
    "Api",
    "ApiRequest",
    "At",
    "Part",
    "Shown",
    "Tool",
    "ToolInput",
    "Toolset",
    "Unsent",
    "invalid_input",
]

NAME: Final = re.compile(r"[a-zA-Z0-9_-]{1,64}", re.ASCII)
"""What models' providers accept as a tool's name."""

MAX_DESCRIPTION: Final = 1024
"""LlamaIndex refuses longer ones."""

FREE_TEXT: Final = frozenset({"bio", "description", "location", "name", "short_bio", "text"})
"""Names of parts of Vimeo's answers that people write as they like."""

FROM_ACCOUNT: Final = frozenset({"app_id"})
"""Placeholders that no input fills: they come from the account, never from a model."""


@dataclass(frozen=True, slots=True)
class At:
    """The input's place in the JSON body, dots for nesting."""

    path: str


@dataclass(frozen=True, slots=True)
class Unsent:
    """An input kept for callers who know it from elsewhere; the endpoint has none like it.

    Nothing is sent; `note` goes into the result, so that nobody believes it took effect.
    """

    note: str


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request to the API, before the address and the token are added."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    """Not in the `repr`: it may hold a password, and a traceback's locals are often logged."""
    fields: str | None = None
    """The projection, sent as `fields`; None for DELETE, which takes none."""
    reads: Callable[[bytes], Any] | None = field(default=None, repr=False, compare=False)
    """Makes JSON of an answer in another form; None of one that it does not know."""


@dataclass(frozen=True, slots=True)
class Part:
    """What `run` gives back for a part of an earlier result, instead of JSON."""

    data: dict[str, Any]
    of: Kept
    handle: str
    start: int = 0
    """Number of its first item in the whole."""


class Api(Protocol):
    """What a tool of several requests is given."""

    @property
    def account(self) -> AccountRecord: ...

    async def send(self, request: ApiRequest) -> Any:
        """Send with the user's token; the answer's JSON, None for an empty one.

        Raises:
            VimeoToolkitError: anything but success.
        """
        ...

    @property
    def allow_private_urls(self) -> bool:
        """The operator lets URLs point into a network (see `catalog.urls`)."""
        ...

    @property
    def max_chars(self) -> int:
        """How much of a result a model is shown."""
        ...

    @property
    def rate_limit(self) -> RateLimit:
        """The user's budget, by the last answer of this call."""
        ...

    @property
    def tools(self) -> Mapping[str, Tool]:
        """The tools that this caller may use, by name."""
        ...

    def now(self) -> float:
        """Seconds since the epoch, by Vimeo's clock as far as an answer has told it."""
        ...

    @property
    def uploader(self) -> Uploader:
        """Brings files to Vimeo."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait, which does not count as the call's time."""
        ...

    def more_time(self) -> None:
        """Give the requests that follow the time of a call of their own: what repairs must not run out of it."""
        ...

    def kept(self, handle: str) -> Kept:
        """An earlier result of this user that was too large to show.

        Raises:
            InvalidInput: it is not kept (any more).
        """
        ...

    def note(self, text: str) -> None:
        """Add a sentence to the result that the model should know."""
        ...


class ToolInput(BaseModel):
    """Base of all tool inputs."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        defer_build=True,
    )

    if TYPE_CHECKING:  # pydantic would evaluate the text of this annotation again for each of the models
        tool: ClassVar[Tool]

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The compact schema, the same object at every call."""
        return cls.tool.input_schema

    def needed_scopes(self) -> frozenset[str]:
        """Scopes that this call needs; those of the tool unless an input changes the route."""
        return self.tool.scopes

    def request(self, account: AccountRecord) -> ApiRequest:
        """The request that this input makes."""
        return self.tool.request_for(self, account)

    def asks(self) -> str:
        """The question to the person whose consent is asked, without its mark; `{name}` is a look or an input."""
        return self.tool.asks

    async def run(self, api: Api) -> Any:
        """The whole call: one request, unless overridden."""
        return await api.send(self.request(api.account))


InputT = TypeVar("InputT", bound=type[ToolInput])


@dataclass(frozen=True, eq=False)
class Tool:
    """One tool, framework-neutral: everything that an adapter needs."""

    name: str
    description: str
    toolset: str
    method: str
    path: str
    scopes: frozenset[str]
    """What the user must have granted."""
    fields: str | None
    read_only: bool
    destructive: bool
    """It takes away or replaces what other people see, or cannot be taken back."""
    idempotent: bool
    outward: bool
    """Other people see what it does, or are told of it."""
    undo: str | None
    """By which tool its effect is taken back, a sentence; None when it has none or cannot be taken back."""
    asks: str
    """What it does in a person's words, see `ToolInput.asks`."""
    looks: tuple[Look, ...]
    """What a person is shown before they agree; the first is the thing that it changes."""
    file: Kind | None
    """What the file at its input `path` has to be."""
    done: str
    """What to say when Vimeo answers with an empty body."""
    of_others: bool
    """What is under `/me` in its path and yet not written by the user, such as whom they follow."""
    spoken: tuple[str, ...]
    """Parts of its result that it makes itself of what other people may have said or written."""
    explain: Mapping[int, str]
    """Status → what it means for this tool, added to the error."""
    input_model: type[ToolInput]

    @property
    def effect(self) -> Effect:
        """What it does as far as people are concerned: the strongest word that is true."""
        if self.read_only:
            return "reads"
        if self.destructive:
            return "destructive"
        return "visible" if self.outward else "private"

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """JSON schema of the input: do not change it, all callers share it."""
        # Here: pydantic's generator costs 20 ms to import.
        from vimeo_toolkit.catalog.docstrings import field_docstrings
        from vimeo_toolkit.catalog.schema import compact_schema

        generate = super(ToolInput, self.input_model).model_json_schema
        return compact_schema(generate, field_docstrings(self.input_model))

    @cached_property
    def _places(self) -> list[tuple[str, str | None]]:
        """Input name and its place in query or body, for those that are neither in the path nor unsent."""
        places: list[tuple[str, str | None]] = []
        for name, info in self.input_model.model_fields.items():
            if name in self._placeholders or any(isinstance(mark, Unsent) for mark in info.metadata):
                continue
            at = next((mark.path for mark in info.metadata if isinstance(mark, At)), name)
            places.append((name, at))
        return places

    @cached_property
    def _shown(self) -> list[tuple[str, Shown]]:
        """Input name and where the answer shows its effect, for a tool that sets what it is given."""
        if self.method not in ("PATCH", "POST", "PUT"):
            return []
        shown: list[tuple[str, Shown]] = []
        for name, at in self._places:
            if name not in self.secret_inputs:  # Vimeo shows no password
                marks = self.input_model.model_fields[name].metadata
                shown.append((name, next((mark for mark in marks if isinstance(mark, Shown)), Shown(at))))
        return shown

    def asked(self, values: ToolInput) -> list[Asked]:
        """What these inputs ask for, as far as an answer can show that it came true."""
        return [
            Asked(name, getattr(values, name), shown.path, shown.same)
            for name, shown in self._shown
            if shown.path is not None and getattr(values, name) is not None
        ]

    def effect_notes(self, values: ToolInput, answer: Any) -> list[str]:
        """What to say of an effect that is not what was asked; [] where it is."""
        notes = differences(self.asked(values), answer)
        if self.method == "POST" and not notes and not _names_something(answer):
            notes.append("Vimeo's answer does not name what was made: look whether it is there.")
        return notes

    @cached_property
    def _placeholders(self) -> frozenset[str]:
        return frozenset(re.findall(r"{(\w+)}", self.path))

    @cached_property
    def unsent(self) -> dict[str, str]:
        """Input name → note, for inputs that the endpoint does not have."""
        return {
            name: mark.note
            for name, info in self.input_model.model_fields.items()
            for mark in info.metadata
            if isinstance(mark, Unsent)
        }

    @cached_property
    def secret_inputs(self) -> frozenset[str]:
        """Names of the inputs that hold a secret, such as a password."""
        return frozenset(
            name for name, info in self.input_model.model_fields.items() if _holds_secret(info.annotation)
        )

    def without_secrets(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as they may be shown and logged. What is none of the inputs is hidden, too: it may be
        a password under a mistaken name."""
        shown = self.input_model.model_fields.keys() - self.secret_inputs
        return {
            name: _shown(value) if name in shown or value is None else str(Secret(""))
            for name, value in arguments.items()
        }

    def arguments(self, given: Any) -> dict[str, Any]:
        """Return what a caller gave in place of named arguments as such, see `catalog.arguments`."""
        return named_arguments(given, self.input_schema)

    @property
    def local(self) -> bool:
        """It answers from what the toolkit has and sends nothing."""
        return not self.method

    @cached_property
    def others_text(self) -> tuple[str, ...]:
        """Parts of its result with text that other people than the user may have written: those of its
        projection that hold free text, unless they are the user's own."""
        if self.path.startswith(("/me", "/apps")) and not self.of_others and "user.name" not in self._names:
            return self.spoken
        return self._free_text

    def others_text_in(self, values: ToolInput, account: AccountRecord) -> tuple[str, ...]:
        """Return the parts as `others_text` has them; all free text, if the folder or showcase is another
        user's."""
        owners = {
            owner_prefix(value, account.vimeo_uri)[0]
            for name in self.input_model.model_fields
            if isinstance(value := getattr(values, name), str)
        }
        return self.others_text if owners <= {"/me"} else self._free_text

    @cached_property
    def _names(self) -> list[str]:
        return (self.fields or "").split(",")

    @property
    def _free_text(self) -> tuple[str, ...]:
        return (*self.spoken, *(name for name in self._names if name.rpartition(".")[2] in FREE_TEXT))

    @property
    def needs_app(self) -> bool:
        return "app_id" in self._placeholders

    def check(self) -> None:
        """Look for mistakes in the declaration.

        Raises:
            ConfigurationError: there is one.
        """
        unknown = self._placeholders - set(self.input_model.model_fields) - FROM_ACCOUNT
        if unknown:
            raise ConfigurationError(f"{self.name}: the path has {sorted(unknown)}, which are no inputs.")
        if not NAME.fullmatch(self.name):
            raise ConfigurationError(f"{self.name!r} is no name that models' providers accept.")
        if not self.read_only and not self.asks:
            raise ConfigurationError(f"{self.name}: `asks` does not say what a person would agree to.")
        if not 0 < len(self.description) <= MAX_DESCRIPTION:
            raise ConfigurationError(f"{self.name}: the description is missing or too long.")

    def validate(self, arguments: Mapping[str, Any] | None) -> ToolInput:
        """The arguments as a model.

        Raises:
            InvalidInput: names each wrong field.
        """
        try:
            return self.input_model.model_validate({} if arguments is None else arguments)
        except ValidationError as error:
            failure = invalid_input(self.name, error)
        finally:
            del arguments
        # Here, so that pydantic's error, which has the values, is not in the chain of this one.
        raise failure

    def filled(self, path: str, values: ToolInput, account: AccountRecord) -> str:
        """Return a path of this tool with its placeholders filled; an input that was not given is left empty."""
        owner = "/me"
        parts: dict[str, str] = {}
        for name in re.findall(r"{(\w+)}", path):
            value = getattr(values, name, None)
            if value is None:
                value = _from_account(name, account) if name in FROM_ACCOUNT else ""
            prefix, parts[name] = owner_prefix(value, account.vimeo_uri)
            owner = owner if prefix == "/me" else prefix
        # A folder or showcase whose owner was named is asked for under its owner.
        return re.sub(r"^/me(?=/)", owner, path).format_map(parts)

    def request_for(self, values: ToolInput, account: AccountRecord) -> ApiRequest:
        path = self.filled(self.path, values, account)
        sent = {
            at: _plain(getattr(values, name))
            for name, at in self._places
            if getattr(values, name) is not None
        }
        if self.method in ("GET", "DELETE"):
            query = {str(at): _query(value) for at, value in sent.items()}
            if query.get("filter") == "embeddable":
                query["filter_embeddable"] = "true"  # required beside it (API document, 2024)
            return ApiRequest(self.method, path, query, fields=self.fields)
        body: dict[str, Any] = {}
        for at, value in sent.items():
            *parents, leaf = str(at).split(".")
            target = body
            for parent in parents:
                target = target.setdefault(parent, {})
            target[leaf] = value
        # What was asked for is among what is asked back, so that the answer can be compared.
        shown = (asked.path for asked in self.asked(values) if asked.path != "data")  # a list's envelope
        fields = dict.fromkeys([*(self.fields or "").split(","), *shown])
        return ApiRequest(self.method, path, body=body or None, fields=",".join(filter(None, fields)) or None)


def invalid_input(tool: str, error: ValidationError) -> InvalidInput:
    """Say which fields are wrong and why, without the values, which may be secrets or megabytes."""
    problems = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        where = _line(".".join(str(part) for part in problem["loc"]), 64) or "input"
        text = problem["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        if problem["type"] == "extra_forbidden":
            text = "this tool has no such input"
        problems.append({"field": where, "problem": _line(text, 800)})
    listed = "; ".join(f"{problem['field']}: {problem['problem']}" for problem in problems[:8])
    if len(problems) > 8:
        listed += f"; and {len(problems) - 8} more"
    return InvalidInput(
        f"{tool} was not called: {listed}.",
        hint="Correct the named inputs and call it again.",
        problems=problems,
    )


class Toolset:
    """A group of tools, and the decorators that declare them."""

    def __init__(self, name: str, description: str) -> None:
        self.name = name
        self.description = description
        self.tools: list[Tool] = []

    def get(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        return self._declare("GET", path, read_only=True, idempotent=True, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        return self._declare("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        return self._declare("PUT", path, idempotent=True, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        return self._declare("PATCH", path, idempotent=True, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[InputT], InputT]:
        return self._declare("DELETE", path, idempotent=True, **{"destructive": True, **declared})

    def local(self, **declared: Any) -> Callable[[InputT], InputT]:
        """A tool that sends nothing: its `run` answers from what the toolkit has."""
        return self._declare("", "", fields=None, read_only=True, idempotent=True, **declared)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        name: str,
        scopes: set[str] | frozenset[str] = frozenset(),
        fields: str | None = "uri",
        done: str = "Done.",
        explain: Mapping[int, str] | None = None,
        read_only: bool = False,
        destructive: bool = False,
        idempotent: bool = False,
        outward: bool = False,
        undo: str | None = None,
        asks: str = "",
        looks: tuple[Look, ...] = (),
        file: Kind | None = None,
        of_others: bool = False,
        spoken: tuple[str, ...] = (),
    ) -> Callable[[InputT], InputT]:
        def declare(model: InputT) -> InputT:
            model.tool = Tool(
                name=name,
                description=inspect.cleandoc(model.__doc__ or "").replace("\n", " "),
                toolset=self.name,
                method=method,
                path=path,
                scopes=frozenset(scopes),
                fields=None if method == "DELETE" else fields,
                read_only=read_only,
                destructive=destructive,
                idempotent=idempotent,
                outward=outward,
                undo=undo,
                asks=asks,
                looks=looks,
                file=file,
                of_others=of_others,
                spoken=spoken,
                done=done,
                explain=explain or {},
                input_model=model,
            )
            model.tool.check()
            self.tools.append(model.tool)
            return model

        return declare


def _names_something(answer: Any) -> bool:
    """Whether the answer to a POST has what was made, or is what a tool tells of its own."""
    return isinstance(answer, dict) and ("uri" in answer or "data" in answer or "success" in answer)


def _from_account(name: str, account: AccountRecord) -> str:
    if name == "app_id" and account.app_uri:
        number = account.app_uri.rpartition("/")[2]
        if number.isascii() and number.isdigit():
            return number
    raise ConfigurationError(
        "Vimeo did not say which app this user's token belongs to.", hint="Connect the user again."
    )


def _holds_secret(annotation: Any) -> bool:
    return annotation is Secret or any(map(_holds_secret, get_args(annotation)))


def _line(text: str, most: int) -> str:
    """A text, which may quote what a caller wrote, printable and short."""
    text = "".join(character if character.isprintable() else " " for character in text[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _shown(value: Any) -> Any:
    """A value that can be written out: one that nests too deeply, or a number of too many digits, cannot."""
    try:
        repr(value)
    except (RecursionError, ValueError):
        return f"<{type(value).__name__}>"
    return value


def _plain(value: Any) -> Any:
    return value.reveal() if isinstance(value, Secret) else value


def _query(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(str(item) for item in value)
    return str(value)
