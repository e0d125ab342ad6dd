"""Small deterministic stand-ins for the models, so that tests of the index load none."""

import hashlib
import re
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.article import Article
from index.collection import Collection
from index.segment import Segment
from index.splitter import Splitter
from index.storage import Storage


def count_words(texts: Sequence[str]) -> list[int]:
    """Like a word-piece tokenizer: words of up to 12 characters, and each other sign by itself."""
    return [len(re.findall(r"\w{1,12}|[^\w\s]", text)) for text in texts]


def toy_splitter(size: int = 30, overlap: int = 8) -> Splitter:
    return Splitter(count_words, size, overlap)


def article(name: str, sentences: int = 12) -> Article:
    """About five words for each sentence, all of them rare: each says which article and place it is from."""
    lines = (f"In {name} the {name}fact{i} costs {name}price{i}." for i in range(sentences))
    return Article.of(" ".join(lines), name.title())


class HashEmbedder:
    """Bags of words: each word is a fixed random direction, a text is their sum on the unit sphere."""

    def __init__(self, dimension: int = 16, name: str = "toy") -> None:
        self.dimension = dimension
        self.name = name
        self.fingerprint = f"{name}-{dimension}"
        self.passages: list[str] = []  # what was embedded, in order
        self.queries: list[Sequence[str]] = []  # the calls

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.passages += texts
        return self._encode(texts)

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        self.queries.append(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or ["?"]:
                row += _direction(self.name, word, self.dimension)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@lru_cache(maxsize=100_000)
def _direction(name: str, word: str, dimension: int) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(f"{name} {word}".encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(dimension).astype(np.float32)


def unusable_embedder() -> HashEmbedder:
    """For where no embedder may be loaded."""
    raise AssertionError("the embedder was loaded without need")


def stored(storage: Storage) -> list[Segment]:
    """Everything in a library, in the order in which it was added."""
    changes = storage.changed_since(-1)
    return list(changes.segments) if changes else []


def reopened(folder: Path, embedder: HashEmbedder | None = None) -> Collection:
    return Collection(embedder or HashEmbedder(), toy_splitter(), Storage.open(folder, create=False))


def reopened_after_adding(folder: Path, *articles: Article) -> Collection:
    with closing(Collection(HashEmbedder(), toy_splitter(), Storage.open(folder))) as collection:
        collection.add(articles)
    return reopened(folder)
