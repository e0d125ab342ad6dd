"""What a collection holds in memory: its articles in order, and the retriever over their chunks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from index.embedder import Vectors
from index.errors import UsageError
from index.retriever import Entry, Retriever, indexed_text
from index.segment import Segment
from index.vectors import Ids


class Shelf:
    """Articles in order, each of whose chunks has a number; a retriever indexes them from when it is given.

    Vectors are kept with an article only until the retriever has them.
    """

    def __init__(self) -> None:
        self.retriever: Retriever | None = None
        self._segments: dict[str, Segment] = {}
        self._ids: dict[str, Ids] = {}  # of the chunks of each article
        self._bare: dict[str, Ids] = {}  # those of them whose vectors the retriever lacks
        self._next_id = 0

    def __len__(self) -> int:
        return len(self._segments)

    def __contains__(self, article_id: str) -> bool:
        return article_id in self._segments

    def segments(self, article_ids: Iterable[str] | None = None) -> list[Segment]:
        """Return the articles chosen, each once and in the order given; all in theirs if None.

        Raises:
            UsageError: One of them is not here.
        """
        if article_ids is None:
            return list(self._segments.values())
        return [self.segment(article_id) for article_id in dict.fromkeys(article_ids)]

    def segment(self, article_id: str) -> Segment:
        """Return an article.

        Raises:
            UsageError: It is not here.
        """
        segment = self._segments.get(article_id)
        if segment is None:
            raise UsageError(f"There is no article {article_id!r} among the {len(self)} here: list them for ids.")
        return segment

    def chunk_ids(self, segments: Sequence[Segment]) -> Ids:
        """Return the numbers by which the retriever knows the chunks of articles."""
        return np.concatenate([self._ids[segment.article.id] for segment in segments])

    def bare(self, segment: Segment, among: Ids | None = None) -> Ids:
        """Return the numbers of the chunks of an article, all or among some, whose vectors the retriever lacks."""
        bare = self._bare[segment.article.id]
        return bare if among is None else np.intersect1d(bare, among)

    def text(self, segment: Segment, number: int) -> str:
        """Return what is embedded for the chunk of an article with a number."""
        return indexed_text(segment.article, segment.chunks[number - int(self._ids[segment.article.id][0])])

    def give_vectors(self, segment: Segment, ids: Ids, vectors: Vectors) -> None:
        """Hand the vectors of chunks of an article that have none to the retriever."""
        article_id = segment.article.id
        if self.retriever is not None and len(ids):
            self.retriever.add_vectors(ids, vectors)
            self._bare[article_id] = np.setdiff1d(self._bare[article_id], ids)

    def keep(self, segment: Segment) -> None:
        """Put an article on the shelf, in the place of the one with its id if there is one."""
        article_id = segment.article.id
        known = self._segments.get(article_id)
        if known and (known.article, known.chunks) == (segment.article, segment.chunks):
            if len(self._bare[article_id]):  # only the vectors can be new
                self._segments[article_id] = segment
                self._index_vectors(article_id)
            return
        if known:
            self._unindex(article_id)
        count = len(segment.chunks)
        self._ids[article_id] = np.arange(self._next_id, self._next_id + count, dtype=np.int64)
        self._bare[article_id] = self._ids[article_id]
        self._next_id += count
        self._segments[article_id] = segment
        self._index(article_id)

    def forget(self, article_id: str) -> None:
        """Take an article from the shelf."""
        self._unindex(article_id)
        del self._segments[article_id]

    def keep_only(self, article_ids: Sequence[str]) -> None:
        """Forget all other articles and put these in this order."""
        for article_id in self._segments.keys() - set(article_ids):
            self.forget(article_id)
        self._segments = {article_id: self._segments[article_id] for article_id in article_ids}

    def use(self, retriever: Retriever) -> None:
        """Index all articles, and from now on every change, with a retriever."""
        self.retriever = retriever
        for article_id in self._segments:
            self._index(article_id)

    def _index(self, article_id: str) -> None:
        if self.retriever is not None:
            segment = self._segments[article_id]
            numbered = zip(self._ids[article_id].tolist(), segment.chunks, strict=True)
            self.retriever.add([Entry(i, c, indexed_text(segment.article, c)) for i, c in numbered])
            self._index_vectors(article_id)

    def _index_vectors(self, article_id: str) -> None:
        segment = self._segments[article_id]
        if self.retriever is not None and segment.vectors is not None:
            bare = self._bare[article_id]
            self.give_vectors(segment, bare, segment.vectors[np.isin(self._ids[article_id], bare)])
            self._segments[article_id] = replace(segment, vectors=None)

    def _unindex(self, article_id: str) -> None:
        ids = self._ids.pop(article_id)
        del self._bare[article_id]
        if self.retriever is not None:
            self.retriever.remove(ids)
