"""Ask an article and get its own words back: exact quotes in their place, or "the article does not say"."""

from index.article import Article, Chunk, Passage
from index.embedder import Embedder
from index.errors import ArticleQAError, InputError, LibraryError, ModelError, UsageError
from index.retriever import Retriever
from index.vectors import VectorStore
from qa.answer import Alternative, Answer, Span, Trace
from qa.library import Library, ask, read_file
from qa.reader import Reader

__all__ = [
    "Alternative", "Answer", "Article", "ArticleQAError", "Chunk", "Embedder", "InputError", "Library", "LibraryError",
    "ModelError", "Passage", "Reader", "Retriever", "Span", "Trace", "UsageError", "VectorStore", "ask", "read_file",
]  # fmt: skip
__version__ = "0.1.0"
