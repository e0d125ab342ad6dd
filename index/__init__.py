"""Where to look: articles, the indexes over their chunks, and the collection that holds them."""

from index.article import Article, Chunk, Passage, article_id
from index.collection import Collection
from index.embedder import Embedder, SentenceTransformerEmbedder, load_embedder
from index.errors import ArticleQAError, InputError, LibraryError, ModelError, UsageError
from index.lexical import LexicalIndex
from index.retriever import Entry, HybridRetriever, Retriever
from index.splitter import Splitter, TokenCounter
from index.storage import Storage
from index.vectors import FaissStore, Hit, VectorStore

__all__ = [
    "Article",
    "ArticleQAError",
    "Chunk",
    "Collection",
    "Embedder",
    "Entry",
    "FaissStore",
    "Hit",
    "HybridRetriever",
    "InputError",
    "LexicalIndex",
    "LibraryError",
    "ModelError",
    "Passage",
    "Retriever",
    "SentenceTransformerEmbedder",
    "Splitter",
    "Storage",
    "TokenCounter",
    "UsageError",
    "VectorStore",
    "article_id",
    "load_embedder",
]
