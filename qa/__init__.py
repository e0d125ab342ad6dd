"""Ask an article and get its own words back: exact quotes in their place, or "the article does not say"."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.article import Article, Chunk, Passage
    from index.embedder import Embedder
    from index.errors import ArticleQAError, InputError, LibraryError, ModelError, UsageError
    from index.retriever import Retriever
    from index.vectors import VectorStore
    from qa.answer import Alternative, Answer, Span, Trace
    from qa.conversation import Conversation, Turn
    from qa.inputs import read_file
    from qa.interpretation import Interpretation
    from qa.library import Library, ask
    from qa.reader import Reader

__all__ = [
    "Alternative", "Answer", "Article", "ArticleQAError", "Chunk", "Conversation", "Embedder", "InputError",
    "Interpretation", "Library", "LibraryError", "ModelError", "Passage", "Reader", "Retriever", "Span", "Trace",
    "Turn", "UsageError", "VectorStore", "ask", "read_file",
]  # fmt: skip
__version__ = "0.1.0"

_HOMES = {
    "index.article": ("Article", "Chunk", "Passage"),
    "index.embedder": ("Embedder",),
    "index.errors": ("ArticleQAError", "InputError", "LibraryError", "ModelError", "UsageError"),
    "index.retriever": ("Retriever",),
    "index.vectors": ("VectorStore",),
    "qa.answer": ("Alternative", "Answer", "Span", "Trace"),
    "qa.conversation": ("Conversation", "Turn"),
    "qa.interpretation": ("Interpretation",),
    "qa.inputs": ("read_file",),
    "qa.library": ("Library", "ask"),
    "qa.reader": ("Reader",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import qa`` and ``--help`` are instant (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
