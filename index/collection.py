"""The collection: a user's articles, and the indexes that find passages in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import RLock
from typing import TypeGuard, cast

import numpy as np

from index.article import Article, Chunk, Passage
from index.embedder import Embedder, Vectors, checked_vectors
from index.errors import LibraryError, UsageError
from index.progress import progress
from index.retriever import HybridRetriever, Retriever, indexed_text
from index.segment import Segment
from index.shelf import Shelf
from index.splitter import Splitter
from index.storage import Storage

_BATCH = 64  # passages per call of the embedder


class Collection:
    """Articles with everything that finding passages in them needs, in memory or at a folder too.

    Nothing is computed before it is needed: articles that are short enough to be read whole are never embedded
    in memory. With a storage, ``add`` embeds at once, so that the work is done once for all.

    With a storage, what is in memory always comes from the file: a change is written first and then read back
    together with what other processes have written, so that a failure leaves both as they were. Methods may be
    called from any thread.

    Args:
        embedder: The embedder, or a function that loads it when it is first needed.
        splitter: Cuts articles; a library that has articles keeps the chunk size it was begun with.
        storage: Where the library is kept; in memory only without.
        make_retriever: Makes the retriever that searches with the embedder.

    Raises:
        LibraryError: The library is damaged, or was built with another embedder than the one given. If the
            embedder is given as a function, the second is found when it is first needed.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder] | Embedder,
        splitter: Splitter,
        storage: Storage | None = None,
        make_retriever: Callable[[Embedder], Retriever] = HybridRetriever,
    ) -> None:
        self._lock = RLock()
        self._given_embedder = embedder
        self._embedder = embedder if _is_embedder(embedder) else None
        self._splitter = splitter
        self._storage = storage
        self._make_retriever = make_retriever
        self._shelf = Shelf()
        self._revision = -1
        if storage and self._embedder:
            storage.check_embedder(self._embedder)
        self._refresh()

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles, in the order in which they were added."""
        with self._lock:
            self._refresh()
            return tuple(segment.article for segment in self._shelf.segments())

    def get(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            UsageError: There is no such article.
        """
        with self._lock:
            self._refresh()
            return self._shelf.segment(article_id).article

    def chunks(self, article_id: str) -> tuple[Chunk, ...]:
        """Return the chunks of an article, in order.

        Raises:
            UsageError: There is no such article.
        """
        with self._lock:
            self._refresh()
            return self._shelf.segment(article_id).chunks

    def add(self, articles: Sequence[Article]) -> list[bool]:
        """Add articles, all or none; return for each whether it is new. The same text is the same article.

        Raises:
            LibraryError: The library could not be written; nothing was added.
        """
        with self._lock:
            self._refresh()
            fresh = {a.id: a for a in reversed(articles) if a.id not in self._shelf}
        # Splitting and embedding take long: others can ask meanwhile.
        ordered = [fresh.pop(a.id) for a in articles if a.id in fresh]
        splitter = self._splitter_in_use()
        segments = [Segment(article, tuple(splitter.split(article))) for article in ordered]
        new = self._store(segments, splitter) if self._storage else self._keep_new(segments)
        answer = []
        for article in articles:
            answer.append(article.id in new)
            new.discard(article.id)
        return answer

    def remove(self, ids: Iterable[str]) -> None:
        """Remove articles, all or none.

        Raises:
            UsageError: One of them does not exist.
            LibraryError: The library could not be written; nothing was removed.
        """
        with self._lock:
            self._refresh()
            known = [segment.article.id for segment in self._shelf.segments(ids)]
            if self._storage:
                self._storage.remove(known)
                self._refresh()
            else:
                for article_id in known:
                    self._shelf.forget(article_id)

    def rename(self, article_id: str, title: str) -> None:
        """Give an article another title.

        Raises:
            UsageError: There is no such article, or the title is empty.
            LibraryError: The library could not be written; nothing was changed.
        """
        if not title.strip():
            raise UsageError("An article cannot have an empty title: give it a name.")
        with self._lock:
            self._refresh()
            segment = self._shelf.segment(article_id)
            if title == segment.article.title:
                return
            if self._storage:
                self._storage.rename(article_id, title)
                self._refresh()
            else:
                self._shelf.keep(Segment(replace(segment.article, title=title), segment.chunks))

    def close(self) -> None:
        """Close the storage, if there is one."""
        if self._storage:
            self._storage.close()

    def retrieve(
        self, question: str, article_ids: Sequence[str] | None = None, top_k: int = 8, whole: int = 24
    ) -> list[Passage]:
        """Return the passages to read for a question; see ``retrieve_many``."""
        return self.retrieve_many([question], article_ids, top_k, whole)[0]

    def retrieve_many(
        self,
        questions: Sequence[str],
        article_ids: Sequence[str] | None = None,
        top_k: int = 8,
        whole: int = 24,
    ) -> list[list[Passage]]:
        """Return the passages to read for each question; see ``retrieve_with_articles``."""
        return self.retrieve_with_articles(questions, article_ids, top_k, whole)[0]

    def retrieve_with_articles(
        self,
        questions: Sequence[str],
        article_ids: Sequence[str] | None = None,
        top_k: int = 8,
        whole: int = 24,
    ) -> tuple[list[list[Passage]], dict[str, Article]]:
        """Return the passages to read for each question, best first, and by id the articles that they quote.

        They are from all articles or those chosen. If these have at most ``whole`` chunks together, all are
        returned, in order and without scores: such articles are read whole.

        Passages and articles are of one moment: whoever removes an article meanwhile does not disturb.

        Raises:
            UsageError: One of the articles does not exist, or ``top_k`` is less than 1.
            ModelError: The embedder is needed and cannot be loaded.
        """
        if top_k < 1:
            raise UsageError(f"top_k is {top_k}: at least 1 passage must be asked for.")
        with self._lock:
            self._refresh()
            chosen = self._shelf.segments(article_ids)
            if sum(len(segment.chunks) for segment in chosen) <= whole:
                chunks = [chunk for segment in chosen for chunk in segment.chunks]
                found = [[Passage(c, rank) for rank, c in enumerate(chunks, 1)] for _ in questions]
            else:
                retriever = self._searchable(chosen)
                allowed = None if len(chosen) == len(self._shelf) else self._shelf.chunk_ids(chosen)
                found = retriever.search(questions, top_k, allowed) if questions else []
            quoted = {passage.chunk.article_id for passages in found for passage in passages}
            return found, {article_id: self._shelf.segment(article_id).article for article_id in quoted}

    def _refresh(self) -> None:
        """Take over what was written to the storage since the last time, by whomever."""
        changes = self._storage.changed_since(self._revision) if self._storage else None
        if changes:
            for segment in changes.segments:
                self._shelf.keep(segment)
            self._shelf.keep_only(changes.ids)
            self._revision = changes.revision

    def _splitter_in_use(self) -> Splitter:
        sizes = self._storage.splitter_sizes() if self._storage else None
        return replace(self._splitter, size=sizes[0], overlap=sizes[1]) if sizes else self._splitter

    def _store(self, segments: Sequence[Segment], splitter: Splitter) -> set[str]:
        if not self._storage or not segments:
            return set()
        embedder = self._ready_embedder()
        self._storage.check_writable()
        complete = _with_vectors(segments, embedder)
        with self._lock:
            new = self._storage.add(complete, embedder, splitter)
            self._refresh()
        return set(new)

    def _keep_new(self, segments: Sequence[Segment]) -> set[str]:
        with self._lock:
            new = [segment for segment in segments if segment.article.id not in self._shelf]
            for segment in new:
                self._shelf.keep(segment)
        return {segment.article.id for segment in new}

    def _searchable(self, chosen: Sequence[Segment]) -> Retriever:
        """Return the retriever after indexing the words of all articles and the vectors of those chosen."""
        embedder = self._ready_embedder()
        retriever = self._shelf.retriever or self._make_retriever(embedder)
        if self._shelf.retriever is None:
            self._shelf.use(retriever)
        missing = self._shelf.without_vectors(chosen)
        if missing:
            complete = _with_vectors(missing, embedder)
            if self._storage:
                with suppress(LibraryError):  # a read-only library can be asked all the same
                    self._storage.set_vectors(complete, embedder)
            for segment in complete:
                self._shelf.keep(segment)
        return retriever

    def _ready_embedder(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                load = cast("Callable[[], Embedder]", self._given_embedder)
                embedder = load()
                if self._storage:
                    self._storage.check_embedder(embedder)
                self._embedder = embedder
            return self._embedder


def _is_embedder(given: Callable[[], Embedder] | Embedder) -> TypeGuard[Embedder]:
    return hasattr(given, "encode_queries")  # an embedder may be callable too


def _with_vectors(segments: Sequence[Segment], embedder: Embedder) -> list[Segment]:
    """Embed the chunks of articles; chunks of like length share a batch, so that little is padded."""
    texts = [indexed_text(s.article, chunk) for s in segments for chunk in s.chunks]
    by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    batches = [by_length[i : i + _BATCH] for i in range(0, len(texts), _BATCH)]
    rows: list[Vectors] = [np.empty((0, embedder.dimension), np.float32)]
    for batch in progress(batches, "Embedding", len(batches)):
        made = embedder.encode_passages([texts[i] for i in batch])
        rows.append(checked_vectors(made, len(batch), embedder))
    vectors = np.concatenate(rows)[np.argsort(by_length)]
    each = np.split(vectors, np.cumsum([len(s.chunks) for s in segments])[:-1])
    return [replace(segment, vectors=part) for segment, part in zip(segments, each, strict=True)]
