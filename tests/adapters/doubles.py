"""Models that follow a list, in the frameworks' own agent loops: each in a module that imports one framework."""

from tests.adapters.langchain_double import OneCallChat
from tests.adapters.llama_index_double import OneCallLlm

__all__ = ["OneCallChat", "OneCallLlm"]
