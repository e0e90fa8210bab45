"""Safe, fast hands on Vimeo for LLM agents, for products with many users.

`VimeoToolkit` is the front door; `Connection` is the Vimeo app that you registered. The adapters for LangChain
and LlamaIndex are `langchain_vimeo` and `llama_index.tools.vimeo`.
"""

from vimeo_toolkit._version import __version__
from vimeo_toolkit.accounts.model import AccountStatus, ConnectedAccount
from vimeo_toolkit.calls.result import Pages, RateLimit, ToolResult
from vimeo_toolkit.catalog.tool import Tool, ToolInput, invalid_input
from vimeo_toolkit.connection import Connection
from vimeo_toolkit.errors import *  # noqa: F403
from vimeo_toolkit.errors import __all__ as _errors
from vimeo_toolkit.stores.cipher import generate_key
from vimeo_toolkit.stores.protocol import Store
from vimeo_toolkit.toolkit import AuthorizationLink, VimeoToolkit, default_toolkit

__all__ = [
    "AccountStatus",
    "AuthorizationLink",
    "ConnectedAccount",
    "Connection",
    "Pages",
    "RateLimit",
    "Store",
    "Tool",
    "ToolInput",
    "ToolResult",
    "VimeoToolkit",
    "__version__",
    "default_toolkit",
    "generate_key",
    "invalid_input",
    *_errors,
]
