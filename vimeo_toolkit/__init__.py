"""Safe, fast hands on Vimeo for LLM agents, for products with many users.

`VimeoToolkit` is the front door; `Connection` is the Vimeo app that you registered. The adapters for LangChain
and LlamaIndex are `langchain_vimeo` and `llama_index.tools.vimeo`.

Each name is imported when it is first asked for, so that a program that only catches an error, or only starts
a sandbox, does not pay for the HTTP client and the models.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vimeo_toolkit._version import __version__

if TYPE_CHECKING:
    from vimeo_toolkit.accounts.device import DeviceAuthorization
    from vimeo_toolkit.accounts.disconnecting import Disconnected
    from vimeo_toolkit.accounts.model import (
        AccountStatus,
        AuthorizationLink,
        ConnectedAccount,
        ConnectedAccounts,
        Unreadable,
    )
    from vimeo_toolkit.asking import Asker
    from vimeo_toolkit.bound import BoundTool
    from vimeo_toolkit.bound_library import BoundLibrary
    from vimeo_toolkit.calls.download import DownloadLink
    from vimeo_toolkit.calls.modify import Modifier
    from vimeo_toolkit.calls.planned import PlannedCall
    from vimeo_toolkit.calls.result import Pages, ToolResult
    from vimeo_toolkit.catalog.api import Api
    from vimeo_toolkit.catalog.declaring import Toolset
    from vimeo_toolkit.catalog.ids import (
        ChannelId,
        CommentId,
        FolderId,
        GroupId,
        ShowcaseId,
        UserId,
        UserOrMe,
        VideoId,
        VideoNumber,
        VideoUri,
    )
    from vimeo_toolkit.catalog.inputs import Paged
    from vimeo_toolkit.catalog.looks import Look
    from vimeo_toolkit.catalog.marks import BodyPath, Help, Shown
    from vimeo_toolkit.catalog.tool import Tool, ToolInput
    from vimeo_toolkit.catalog.toolsearch import tools_on_demand
    from vimeo_toolkit.catalog.validation import invalid_input
    from vimeo_toolkit.changes.model import Plan
    from vimeo_toolkit.changes.summaries import PlanSummary
    from vimeo_toolkit.configuration import default_toolkit
    from vimeo_toolkit.connecting import ConnectionRequest, aconnection_requests, connection_requests
    from vimeo_toolkit.connection import Connection
    from vimeo_toolkit.errors import (
        AccountError,
        ApprovalDenied,
        ApprovalRequired,
        AuthorizationFailed,
        BadRequest,
        ConfigurationError,
        Conflict,
        EffectMismatch,
        Expired,
        Forbidden,
        InvalidInput,
        MissingExtra,
        MissingScope,
        NotConnected,
        NotFound,
        NotPermitted,
        OutcomeUnknown,
        QuotaExceeded,
        RateLimited,
        ReadOnly,
        Revoked,
        StoreBusy,
        StoreError,
        UnexpectedResponse,
        UnknownTool,
        UploadInterrupted,
        UploadNotGranted,
        VimeoError,
        VimeoToolkitError,
        VimeoUnavailable,
        WrongKey,
        WrongUser,
    )
    from vimeo_toolkit.grants.server import AuthorizationServer
    from vimeo_toolkit.grants.sign_ins import ClientRequest
    from vimeo_toolkit.identity import Identity
    from vimeo_toolkit.library.documents import PassageDocument
    from vimeo_toolkit.library.model import (
        Change,
        Coverage,
        Filters,
        Hit,
        IndexedVideo,
        LibraryStatus,
        Passage,
        Segment,
        Segments,
    )
    from vimeo_toolkit.library.search import Found
    from vimeo_toolkit.library.sync_report import SyncReport
    from vimeo_toolkit.observe.events import Event
    from vimeo_toolkit.reply import ApprovalRequest, Reply
    from vimeo_toolkit.run_identity import Identify
    from vimeo_toolkit.stores.cipher import generate_key
    from vimeo_toolkit.stores.protocol import KeepsEnds, Key, Row, Store
    from vimeo_toolkit.tool_options import ToolChoice, ToolOptions
    from vimeo_toolkit.toolkit import Library, VimeoToolkit
    from vimeo_toolkit.uploads.files import UploadProgress
    from vimeo_toolkit.wire.api_request import ApiRequest
    from vimeo_toolkit.wire.rate_limit import RateLimit

__all__ = [
    "AccountError",
    "AccountStatus",
    "Api",
    "ApiRequest",
    "ApprovalDenied",
    "ApprovalRequest",
    "ApprovalRequired",
    "Asker",
    "AuthorizationFailed",
    "AuthorizationLink",
    "AuthorizationServer",
    "BadRequest",
    "BodyPath",
    "BoundLibrary",
    "BoundTool",
    "Change",
    "ChannelId",
    "ClientRequest",
    "CommentId",
    "ConfigurationError",
    "Conflict",
    "ConnectedAccount",
    "ConnectedAccounts",
    "Connection",
    "ConnectionRequest",
    "Coverage",
    "DeviceAuthorization",
    "Disconnected",
    "DownloadLink",
    "EffectMismatch",
    "Event",
    "Expired",
    "Filters",
    "FolderId",
    "Forbidden",
    "Found",
    "GroupId",
    "Help",
    "Hit",
    "Identify",
    "Identity",
    "IndexedVideo",
    "InvalidInput",
    "KeepsEnds",
    "Key",
    "Library",
    "LibraryStatus",
    "Look",
    "MissingExtra",
    "MissingScope",
    "Modifier",
    "NotConnected",
    "NotFound",
    "NotPermitted",
    "OutcomeUnknown",
    "Paged",
    "Pages",
    "Passage",
    "PassageDocument",
    "Plan",
    "PlanSummary",
    "PlannedCall",
    "QuotaExceeded",
    "RateLimit",
    "RateLimited",
    "ReadOnly",
    "Reply",
    "Revoked",
    "Row",
    "Segment",
    "Segments",
    "ShowcaseId",
    "Shown",
    "Store",
    "StoreBusy",
    "StoreError",
    "SyncReport",
    "Tool",
    "ToolChoice",
    "ToolInput",
    "ToolOptions",
    "ToolResult",
    "Toolset",
    "UnexpectedResponse",
    "UnknownTool",
    "Unreadable",
    "UploadInterrupted",
    "UploadNotGranted",
    "UploadProgress",
    "UserId",
    "UserOrMe",
    "VideoId",
    "VideoNumber",
    "VideoUri",
    "VimeoError",
    "VimeoToolkit",
    "VimeoToolkitError",
    "VimeoUnavailable",
    "WrongKey",
    "WrongUser",
    "__version__",
    "aconnection_requests",
    "connection_requests",
    "default_toolkit",
    "generate_key",
    "invalid_input",
    "tools_on_demand",
]

_ELSEWHERE = {
    "AccountStatus": "accounts.model",
    "ApprovalRequest": "reply",
    "Asker": "asking",
    "AuthorizationLink": "accounts.model",
    "BoundLibrary": "bound_library",
    "AuthorizationServer": "grants.server",
    "ClientRequest": "grants.sign_ins",
    "BoundTool": "bound",
    "ConnectedAccount": "accounts.model",
    "ConnectionRequest": "connecting",
    "aconnection_requests": "connecting",
    "connection_requests": "connecting",
    "ConnectedAccounts": "accounts.model",
    "Connection": "connection",
    "DeviceAuthorization": "accounts.device",
    "Disconnected": "accounts.disconnecting",
    "DownloadLink": "calls.download",
    "Event": "observe.events",
    "Filters": "library.model",
    "Identify": "run_identity",
    "Identity": "identity",
    "KeepsEnds": "stores.protocol",
    "Key": "stores.protocol",
    "Modifier": "calls.modify",
    "Pages": "calls.result",
    "PassageDocument": "library.documents",
    "Plan": "changes.model",
    "PlanSummary": "changes.summaries",
    "PlannedCall": "calls.planned",
    "RateLimit": "wire.rate_limit",
    "Reply": "reply",
    "Row": "stores.protocol",
    "Store": "stores.protocol",
    "Tool": "catalog.tool",
    "ToolChoice": "tool_options",
    "ToolInput": "catalog.tool",
    "ToolOptions": "tool_options",
    "ToolResult": "calls.result",
    "Unreadable": "accounts.model",
    "UploadProgress": "uploads.files",
    "VimeoToolkit": "toolkit",
    "default_toolkit": "configuration",
    "generate_key": "stores.cipher",
    "invalid_input": "catalog.validation",
    "tools_on_demand": "catalog.toolsearch",
    "Change": "library.model",
    "Coverage": "library.model",
    "Hit": "library.model",
    "IndexedVideo": "library.model",
    "Library": "toolkit",
    "LibraryStatus": "library.model",
    "Passage": "library.model",
    "Segment": "library.model",
    "Segments": "library.model",
    "Found": "library.search",
    "SyncReport": "library.sync_report",
    "Api": "catalog.api",
    "ApiRequest": "wire.api_request",
    "BodyPath": "catalog.marks",
    "ChannelId": "catalog.ids",
    "CommentId": "catalog.ids",
    "FolderId": "catalog.ids",
    "GroupId": "catalog.ids",
    "Help": "catalog.marks",
    "Look": "catalog.looks",
    "Paged": "catalog.inputs",
    "ShowcaseId": "catalog.ids",
    "Shown": "catalog.marks",
    "Toolset": "catalog.declaring",
    "UserId": "catalog.ids",
    "UserOrMe": "catalog.ids",
    "VideoId": "catalog.ids",
    "VideoNumber": "catalog.ids",
    "VideoUri": "catalog.ids",
}
"""Where each name is, for those that are not in `errors`."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'errors')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
