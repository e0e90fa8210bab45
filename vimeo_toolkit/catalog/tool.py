"""What a tool is: its declaration, and the model of its input.

`declaring` has the decorators, `marks` what can be said of one input, `wire_shape` where inputs go in a request,
`validation` what is said of wrong ones, `api` what a `run` is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from vimeo_toolkit.catalog.arguments import named_arguments
from vimeo_toolkit.catalog.audience import audience_notes
from vimeo_toolkit.catalog.coercion import Coerce, coerced, coercions_of, without_blanks
from vimeo_toolkit.catalog.effects import Asked, effect_notes
from vimeo_toolkit.catalog.ids import owner_prefix
from vimeo_toolkit.catalog.schema_askers import asks_for_strict
from vimeo_toolkit.catalog.schema_copies import copied
from vimeo_toolkit.catalog.tool_input import ToolInput
from vimeo_toolkit.catalog.untrusted import (
    ANY_FREE_TEXT,
    FREE_TEXT,
    free_text_found,
    free_text_in,
    hangs_on_a_video,
    is_users_own,
    without_own_texts,
)
from vimeo_toolkit.catalog.validation import showable, validated
from vimeo_toolkit.catalog.wire_shape import WireShape
from vimeo_toolkit.renamed import renamed
from vimeo_toolkit.units import without_unit

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.looks import Effect, Look
    from vimeo_toolkit.uploads.content import Kind
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["Tool", "ToolInput"]

WHICH: Final = ("uri", "name", "link")
"""The parts of a thing by which a person knows it."""


@dataclass(frozen=True, eq=False)
class Tool:
    """One tool, framework-neutral: everything that an adapter needs."""

    name: str
    description: str
    toolset: str
    method: str
    path: str
    scopes: frozenset[str]
    """The scopes that the user must have granted."""
    fields: str | None
    read_only: bool
    destructive: bool
    """It takes away or replaces what other people see, or cannot be taken back."""
    idempotent: bool
    visible_to_others: bool
    """Other people see what it does, or are told of it."""
    undo: str | None
    """By which tool its effect is taken back, a sentence; None when it has none or cannot be taken back."""
    asks: str
    """What it does in a person's words, see `ToolInput.asks`."""
    looks: tuple[Look, ...]
    """What a person is shown before they agree; the first is the thing that it changes."""
    file: Kind | None
    """The kind that the file at its input `path` must be."""
    success_message: str
    """What to say when Vimeo answers with an empty body."""
    untrusted: bool
    """What is under `/me` in its path and yet not written by the user, such as whom they follow."""
    untrusted_parts: tuple[str, ...]
    """Parts of its result that it makes itself of what other people may have said or written."""
    always_asked: bool
    """A person is asked about each call, also where the toolkit's rule for approvals asks about none."""
    error_hints: Mapping[int, str]
    """Status → what it means for this tool, added to the error."""
    input_model: type[ToolInput]

    outward = renamed("outward", "visible_to_others")
    done = renamed("done", "success_message")
    explain = renamed("explain", "error_hints")
    of_others = renamed("of_others", "untrusted")
    spoken = renamed("spoken", "untrusted_parts")
    others_text = renamed("others_text", "untrusted_fields")
    others_text_in = renamed("others_text_in", "untrusted_fields_in")

    def check(self) -> None:
        """Refuse a declaration that is wrong, which is done when a tool is declared; goes with the next version."""
        from vimeo_toolkit.catalog.declaring import check_declaration

        check_declaration(self)

    def objects_in(self, given: Any) -> tuple[str, ...]:
        """Return the things of Vimeo that a call's input names, such as `video 123`, see `objects`."""
        from vimeo_toolkit.catalog.objects import objects_named  # for those who listen

        named = isinstance(given, Mapping | ToolInput)
        return objects_named(self, given if named else named_arguments(given, self.name, self._schema))

    def objects_of_answer(self, body: Any) -> tuple[str, ...]:
        """Return the thing that the answer of a call is about, such as `video 123`."""
        from vimeo_toolkit.catalog.objects import objects_made

        return objects_made(body)

    @property
    def effect(self) -> Effect:
        """What it does as far as people are concerned: the strongest word that is true."""
        if self.read_only:
            return "reads"
        if self.destructive:
            return "destructive"
        return "visible" if self.visible_to_others else "private"

    @property
    def local(self) -> bool:
        """It answers from what the toolkit has and sends nothing."""
        return not self.method

    @property
    def needs_app(self) -> bool:
        """Its path has the app that the user's token belongs to."""
        return "app_id" in self.wire.placeholders

    @cached_property
    def wire(self) -> WireShape:
        """Which input goes where in the request, and where the answer shows it."""
        return WireShape(self.method, self.path, self.fields, self.input_model.model_fields)

    @property
    def unsent(self) -> Mapping[str, str]:
        """Input name → note, for inputs that the endpoint does not have."""
        return self.wire.unsent

    @property
    def secret_inputs(self) -> frozenset[str]:
        """Names of the inputs that hold a secret, such as a password."""
        return self.wire.secret_inputs

    @property
    def input_schema(self) -> dict[str, Any]:
        """JSON schema of the input, as short as models need it. A copy."""
        return self.schema()

    def schema(self, *, strict: bool = False, converter: str = "") -> dict[str, Any]:
        """Return a copy of the input's JSON schema.

        Args:
            strict: as providers' strict modes demand it: every input is required, and the optional ones take null.
            converter: the name of the framework's function that asks for it; it is strict then, too, if that
                function was asked for strict, see `schema_askers`.
        """
        strict = strict or bool(converter and asks_for_strict(converter))
        return copied(self._strict_schema if strict else self._schema)

    @cached_property
    def _strict_schema(self) -> dict[str, Any]:
        from vimeo_toolkit.catalog.schema import strict_schema

        return strict_schema(self.whole_schema)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        whole, unlisted = self.whole_schema, self.input_model.unlisted_inputs
        listed = {name: about for name, about in whole["properties"].items() if name not in unlisted}
        return {**whole, "properties": listed}

    @cached_property
    def whole_schema(self) -> dict[str, Any]:
        """The schema with the inputs that a model is not told of, too. Not a copy."""
        # Here: pydantic's generator costs 20 ms to import.
        from vimeo_toolkit.catalog.docstrings import field_docstrings
        from vimeo_toolkit.catalog.schema import compact_schema

        generate = super(ToolInput, self.input_model).model_json_schema
        return compact_schema(generate, field_docstrings(self.input_model), self.input_model.known_inputs)

    def coerced(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments as the types of the inputs ask for, without those that are left out; what cannot be
        read so stays as it is, and `validate` refuses it."""
        fields = self.input_model.model_fields
        # A result has a number's unit in its name, under which a model may give the number back.
        if arguments.keys() <= fields.keys():
            return coerced(arguments, self.coercions)
        plain = {name: without_unit(name) for name in arguments if name not in fields}
        named = {
            name if (bare := plain.get(name, name)) not in fields or bare in arguments else bare: value
            for name, value in arguments.items()
        }
        return coerced(named, self.coercions)

    @cached_property
    def coercions(self) -> dict[str, Coerce]:
        """How each input is read, see `catalog.coercion`."""
        return coercions_of(self.input_model.model_fields)

    @cached_property
    def _optional(self) -> frozenset[str]:
        fields = self.input_model.model_fields
        return frozenset(name for name, field in fields.items() if not field.is_required())

    @cached_property
    def input_help(self) -> Mapping[str, str]:
        """Input name → what it is for, in a sentence or two for people. Every input has one; the schema that a
        model is sent has a few words of it or nothing."""
        from vimeo_toolkit.catalog.docstrings import field_docstrings
        from vimeo_toolkit.catalog.input_help import input_help

        model = self.input_model
        return MappingProxyType(
            input_help(
                model.model_fields, field_docstrings(model), changes=self.method == "PATCH" or model.plans
            )
        )

    @property
    def described_schema(self) -> dict[str, Any]:
        """The JSON schema of the input with `input_help` as every description, a copy: for forms, and for
        frameworks that demand descriptions. It has more than twice the tokens of what a model is sent."""
        schema: dict[str, Any] = copied(self.whole_schema)
        for name, about in self.input_help.items():
            schema["properties"][name]["description"] = about
        return schema

    def arguments(self, given: Any) -> dict[str, Any]:
        """Return what a model gave as named arguments, see `catalog.arguments`, without what it left blank."""
        return without_blanks(named_arguments(given, self.name, self._schema), self._optional)

    def validate(self, arguments: Mapping[str, Any] | None) -> ToolInput:
        """Return the arguments as a model.

        Raises:
            InvalidInput: names each wrong field.
        """
        try:
            return validated(self.name, self.input_model, arguments)
        finally:
            del arguments  # may hold a password, and a traceback's locals are often logged

    def without_secrets(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments as they may be shown and logged. What is not one of the inputs is hidden, too: it
        may be a password under a mistaken name."""
        return showable(arguments, self.input_model.model_fields.keys() - self.secret_inputs)

    def filled(self, path: str, values: ToolInput, account: AccountRecord) -> str:
        """Return a path of this tool with its placeholders filled, see `WireShape.filled`."""
        return self.wire.filled(path, values, account)

    def request_for(self, values: ToolInput, account: AccountRecord) -> ApiRequest:
        """Return the one request that these inputs make by the declaration alone."""
        return self.wire.request(values, account)

    def asked(self, values: ToolInput) -> list[Asked]:
        """Return what these inputs ask for, as far as an answer can show that it came true."""
        return [] if values.accounts_itself else self.wire.asked(values)

    def effect_notes(self, values: ToolInput, answer: Any) -> list[str]:
        """Return what to say of an effect that is not what was asked; [] where it is."""
        makes = self.method == "POST"
        asked = self.asked(values)
        notes = effect_notes(asked, answer, makes_something=makes)
        return notes + audience_notes(asked, answer, makes_something=makes)

    def shown(self, values: ToolInput) -> tuple[str, ...]:
        """Return the parts of its answer that a model is shown; () for all. A change of a thing's settings (PATCH)
        shows which thing it is and what was set, as Vimeo shows it afterwards."""
        if self.method != "PATCH":
            return ()
        return (*WHICH, *(each.path for each in self.asked(values)))

    @cached_property
    def untrusted_fields(self) -> tuple[str, ...]:
        """Parts of its result with text that other people than the user may have written: those of its
        projection that hold free text, unless they are the user's own."""
        # What the user changes is theirs, unless an author stands beside it.
        changed = not self.read_only and "user.uri" not in (self.fields or "").split(",")
        own = (changed or is_users_own(self.path, self.fields)) and not self.untrusted
        return self.untrusted_parts if own else self._free_text

    def untrusted_fields_in(self, values: ToolInput, account: AccountRecord) -> tuple[str, ...]:
        """Return the parts as `untrusted_fields` has them; all free text, if the folder or showcase is another
        user's."""
        owners = {
            owner_prefix(value, account.vimeo_uri)[0]
            for name in self.input_model.model_fields
            if isinstance(value := getattr(values, name), str)
        }
        return (*(self.untrusted_fields if owners <= {"/me"} else self._free_text), *values.untrusted_parts)

    def others_texts(
        self, body: Any, names: tuple[str, ...], account: AccountRecord, *, whole: bool
    ) -> tuple[str, ...]:
        """Return the parts without those that hold no text but the user's in this answer, see `untrusted`.

        Args:
            whole: it is unprojected, and has more parts with free text.
        """
        if not names or not isinstance(body, Mapping):
            return names
        if ANY_FREE_TEXT in names:
            names = (*(name for name in names if name != ANY_FREE_TEXT), *free_text_found(body))
        labels = hangs_on_a_video(self.path) and not self.untrusted_parts
        names = tuple(dict.fromkeys((*names, *sorted(FREE_TEXT)))) if whole else names
        return without_own_texts(body, names, account.vimeo_uri, labels=labels)

    @property
    def _free_text(self) -> tuple[str, ...]:
        return (*self.untrusted_parts, *free_text_in(self.fields))
