"""What a collection holds in memory: its articles in order, and the retriever over their chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from index.article import Passage
from index.embedder import Vectors
from index.errors import UsageError
from index.retriever import Entry, Retriever, indexed_text
from index.segment import Segment
from index.vectors import Ids

Missing = tuple[Segment, Ids, list[str]]  # numbers of chunks of an article, and what is embedded for each
_MANY = 2000  # chunks: what embeds in about a minute on two cores
_LIKELY = 300  # chunks that are embedded for a question where there are many


class Shelf:
    """Articles in order, each of whose chunks has a number; a retriever indexes them from when one is first needed.

    Vectors are kept with an article only until the retriever has them.

    Args:
        make_retriever: Makes the retriever.
        sparing: Whether, where many chunks lack a vector, only those that are likely for a question get one.
    """

    def __init__(self, make_retriever: Callable[[], Retriever], *, sparing: bool) -> None:
        self._retriever: Retriever | None = None
        self._make_retriever = make_retriever
        self._sparing = sparing
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

    def missing(self, questions: Sequence[str], segments: Sequence[Segment], top_k: int) -> list[Missing]:
        """Return the chunks of articles that need a vector before they are searched."""
        self._ready_retriever()  # which takes the vectors that are there
        bare = [(segment, self._bare[segment.article.id]) for segment in segments]
        if self._sparing and sum(len(ids) for _, ids in bare) > _MANY:
            likely = np.concatenate([np.empty(0, np.int64), *self._likely(questions, segments, top_k)])
            bare = [(segment, np.intersect1d(ids, likely)) for segment, ids in bare]
        return [(s, ids, [self._text(s, number) for number in ids.tolist()]) for s, ids in bare if len(ids)]

    def search(self, questions: Sequence[str], segments: Sequence[Segment], top_k: int) -> list[list[Passage]]:
        """Return the best passages of articles for each question; what still lacks a vector is found by its words."""
        retriever = self._ready_retriever()
        if not self._sparing or not any(len(self._bare[segment.article.id]) for segment in segments):
            return retriever.search(questions, top_k, self._allowed(segments)) if questions else []
        # Each question among its own chunks, so that its passages do not depend on what else was asked.
        likely = self._likely(questions, segments, top_k)
        return [retriever.search([q], top_k, ids)[0] for q, ids in zip(questions, likely, strict=True)]

    def give_vectors(self, segment: Segment, ids: Ids, vectors: Vectors) -> None:
        """Hand the vectors of chunks of an article to the retriever, but for those that have one or are gone."""
        bare = self._bare.get(segment.article.id, np.empty(0, np.int64))
        new = np.isin(ids, bare)
        if self._retriever is not None and new.any():
            self._retriever.add_vectors(ids[new], vectors[new])
            self._bare[segment.article.id] = np.setdiff1d(bare, ids)

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

    def _ready_retriever(self) -> Retriever:
        if self._retriever is None:
            self._retriever = self._make_retriever()
            for article_id in self._segments:
                self._index(article_id)
        return self._retriever

    def _likely(self, questions: Sequence[str], segments: Sequence[Segment], top_k: int) -> list[Ids]:
        retriever, allowed = self._ready_retriever(), self._allowed(segments)
        return [retriever.likely(question, max(_LIKELY, top_k), allowed) for question in questions]

    def _allowed(self, segments: Sequence[Segment]) -> Ids | None:
        """Return the numbers of the chunks of articles, or None for all."""
        if len(segments) == len(self):
            return None
        return np.concatenate([self._ids[segment.article.id] for segment in segments])

    def _text(self, segment: Segment, number: int) -> str:
        return indexed_text(segment.article, segment.chunks[number - int(self._ids[segment.article.id][0])])

    def _index(self, article_id: str) -> None:
        if self._retriever is not None:
            segment = self._segments[article_id]
            numbered = zip(self._ids[article_id].tolist(), segment.chunks, strict=True)
            self._retriever.add([Entry(i, c, indexed_text(segment.article, c)) for i, c in numbered])
            self._index_vectors(article_id)

    def _index_vectors(self, article_id: str) -> None:
        segment = self._segments[article_id]
        if self._retriever is not None and segment.vectors is not None:
            bare = self._bare[article_id]
            self.give_vectors(segment, bare, segment.vectors[np.isin(self._ids[article_id], bare)])
            self._segments[article_id] = replace(segment, vectors=None)

    def _unindex(self, article_id: str) -> None:
        ids = self._ids.pop(article_id)
        del self._bare[article_id]
        if self._retriever is not None:
            self._retriever.remove(ids)
