"""The model of a tool's input, which every declaration is a class of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator

from vimeo_toolkit.catalog.schema_askers import is_for_gemini
from vimeo_toolkit.secret import Secret

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.model import AccountRecord
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.tool import Tool
    from vimeo_toolkit.wire.api_request import ApiRequest

__all__ = ["ToolInput"]


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

    plans: ClassVar[bool] = False
    """It is a `PlanInput`: consent is for a plan, and not for the input."""
    may_need: ClassVar[frozenset[str]] = frozenset()
    """Scopes that a call needs beside those of its tool, where its inputs ask for more."""
    patience: ClassVar[float | None] = None
    """Seconds that a call waits for its user's limit, where that is less than the toolkit's `max_wait`."""
    longest_shown: ClassVar[int] = 0
    """Tokens of its result that a model is shown, where that is less than of any result."""
    known_inputs: ClassVar[frozenset[str]] = frozenset()
    """Inputs that another tool's schema describes, of which a model is told the type alone here."""
    needs_library: ClassVar[bool] = False
    """It is there only where the operator has users' libraries indexed."""
    whole_texts: ClassVar[bool] = False
    """Texts in its rows are as long as they were asked for, and are not cut as those of other rows are."""
    unlisted_inputs: ClassVar[frozenset[str]] = frozenset()
    """Inputs that the schema for models leaves out: those that are rarely needed, those that results name where
    they are of use, and those of another tool that it says to take without naming each."""

    @property
    def accounts_itself(self) -> bool:
        """Whether the result says of each thing what became of it, so that it is not compared with the input."""
        return self.plans

    @property
    def one_request(self) -> bool:
        """Whether the call is the request of the tool's declaration and no other."""
        return type(self).run is ToolInput.run

    path_input: ClassVar[str] = ""
    """The input that is a path of the API itself, by which events name the thing that a call is about."""

    @property
    def untrusted_parts(self) -> tuple[str, ...]:
        """Parts of the result of this very call that other people may have written, beside those of its tool."""
        return ()

    def hidden_in(self, body: Any) -> tuple[tuple[str, ...], str]:
        """Return the parts that a model is not shown of this very answer, and what it is told of that.

        Args:
            body: the JSON of the answer. Parts of a list's items and of the answer itself are meant.
        """
        return (), ""

    @model_validator(mode="before")
    @classmethod
    def _coerced(cls, given: Any) -> Any:
        """Read each input as its type asks for. Here, so that frameworks that validate with the class do, too."""
        return cls.tool.coerced(given) if isinstance(given, Mapping) else given

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the compact schema. A copy: some frameworks write into what they are given."""
        schema = cls.tool.schema(converter="convert_to_openai_function")
        if not schema["properties"] and is_for_gemini():
            del schema["properties"]
        return schema

    def needed_scopes(self) -> frozenset[str]:
        """Return the scopes that this call needs; those of the tool unless an input changes the route."""
        return self.tool.scopes

    def without_secrets(self) -> Self:
        """Return the same input with `***` for each secret, of which plans are made and shown."""
        secrets = (name for name in self.tool.secret_inputs if getattr(self, name) is not None)
        return self.model_copy(update=dict.fromkeys(secrets, Secret("***")))

    def request(self, account: AccountRecord) -> ApiRequest:
        """Return the request that this input makes."""
        return self.tool.request_for(self, account)

    def asks(self, found: Mapping[str, Any]) -> str:
        """Return the question to the person whose consent is asked.

        `{name}` in it is a look or an input, `{name:count}` how long a look's list is, `{file}` the file that is
        sent, `{sent}` the whole of what its property of this name says.

        Args:
            found: what the looks found, by their names.
        """
        return self.tool.asks

    async def run(self, api: Api) -> Any:
        """Make the whole call, one request unless overridden; return its JSON, or which thing it has deleted."""
        request = self.request(api.account)
        if self.tool.read_only:
            return await api.read(request)
        answer = await api.send(request)
        if answer is None and request.method == "DELETE" and self.tool.destructive and not self.tool.undo:
            return {"success": True, "message": self.tool.success_message, "deleted": request.path}
        return answer
