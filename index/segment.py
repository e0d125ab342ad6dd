"""An article as it is indexed, and as one row of a library file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from index.article import Article, Chunk
from index.embedder import Vectors


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """An article with its chunks and, once they are made, one vector for each chunk."""

    article: Article
    chunks: tuple[Chunk, ...]
    vectors: Vectors | None = None


class Row(NamedTuple):
    """A segment as SQLite values, in the order of the columns.

    ``offsets`` holds int64 pairs and ``vectors`` float32 rows, both little-endian; ``sha256`` covers all others.
    """

    id: str
    title: str
    text: str
    source: str | None
    published: str | None
    author: str | None
    pages: str
    offsets: bytes
    vectors: bytes | None
    sha256: str


def to_row(segment: Segment) -> Row:
    """Return a segment as one row."""
    a = segment.article
    offsets = np.array([(c.start, c.end) for c in segment.chunks], "<i8").tobytes()
    vectors = None if segment.vectors is None else segment.vectors.astype("<f4").tobytes()
    # File names can have bytes that are no text; these are kept as "?", for SQLite stores UTF-8.
    title, source, published, author = map(_storable, (a.title, a.source, a.published, a.author))
    described = (a.id, title or "", a.text, source, published, author, json.dumps(a.pages), offsets, vectors)
    return Row(*described, sha256=_sha256(described))


def from_row(row: Sequence[Any]) -> Segment:
    """Return the segment that was stored as a row.

    Raises:
        ValueError: The row is not what was stored.
    """
    *described, sha256 = row
    if _sha256(described) != sha256:
        raise ValueError(f"article {row[0]} does not match its checksum")
    stored = Row(*row)
    keys = ("id", "title", "text", "source", "published", "author")
    article = Article.from_dict({k: getattr(stored, k) for k in keys} | {"pages": json.loads(stored.pages)})
    offsets = np.frombuffer(stored.offsets, "<i8").reshape(-1, 2).tolist()
    chunks = tuple(Chunk(stored.id, start, end) for start, end in offsets)
    if stored.vectors is None or not chunks:
        return Segment(article, chunks)
    vectors = np.frombuffer(stored.vectors, "<f4").astype(np.float32, copy=False)
    return Segment(article, chunks, vectors.reshape(len(chunks), -1))


def _sha256(described: Sequence[Any]) -> str:
    digest = hashlib.sha256()
    for value in described:
        part = value if isinstance(value, bytes) else str(value).encode()
        # The type and the length go first, so that no two rows make the same bytes.
        digest.update(f"{type(value).__name__} {len(part)} ".encode() + part)
    return digest.hexdigest()


def _storable(value: str | None) -> str | None:
    return None if value is None else value.encode("utf-8", "replace").decode()
