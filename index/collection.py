"""The collection: a user's articles, and the indexes that find passages in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Lock, RLock
from typing import TypeGuard, cast

from index.article import Article, Chunk, Passage
from index.embedder import Embedder, encode_groups, load_embedder
from index.errors import LibraryError, UsageError
from index.retriever import HybridRetriever, Retriever, indexed_text
from index.segment import Segment
from index.shelf import Missing, Shelf
from index.splitter import Splitter
from index.storage import Storage


class Collection:
    """Articles with everything that finding passages in them needs, in memory or at a folder too.

    Nothing is computed before it is needed: articles that are short enough to be read whole are never embedded
    in memory. With a storage, ``add`` embeds at once, so that the work is done once for all.

    In memory, where more than 2,000 chunks have no vector, only the 300 that have most of a question's words
    (by BM25; if fewer have any, others from all over) are embedded and searched, and their vectors are kept for
    later questions. Embedding a book of 10 MB takes minutes, and hardly a chunk that shares no word with the
    question would come first.

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
        ModelError: What is given is neither an embedder nor a function.
    """

    def __init__(
        self,
        embedder: Callable[[], Embedder] | Embedder,
        splitter: Splitter,
        storage: Storage | None = None,
        make_retriever: Callable[[Embedder], Retriever] = HybridRetriever,
    ) -> None:
        self._lock = RLock()
        self._embedding = Lock()  # taken before the other; who embeds for a question lets others go on
        self._given_embedder = embedder
        self._embedder = load_embedder(embedder) if _is_object(embedder) else None
        self._splitter = splitter
        self._storage = storage
        self._shelf = Shelf(lambda: make_retriever(self._ready_embedder()), sparing=storage is None)
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

        Passages and articles are of one moment: whoever removes an article meanwhile does not disturb. That moment is
        after what lacks vectors was embedded, which may take long; of what is added meanwhile only words are searched.

        Raises:
            UsageError: One of the articles does not exist (any more), or ``top_k`` is less than 1.
            ModelError: The embedder is needed and cannot be loaded.
        """
        if top_k < 1:
            raise UsageError(f"top_k is {top_k}: at least 1 passage must be asked for.")
        if self._missing(questions, article_ids, top_k, whole):
            with self._embedding:  # what others have embedded before is no longer missing
                self._embed(self._missing(questions, article_ids, top_k, whole))
        with self._lock:
            self._refresh()
            chosen = self._shelf.segments(article_ids)
            if _is_short(chosen, whole):
                chunks = [chunk for segment in chosen for chunk in segment.chunks]
                found = [[Passage(c, rank) for rank, c in enumerate(chunks, 1)] for _ in questions]
            else:
                found = self._shelf.search(questions, chosen, top_k)
            quoted = {passage.chunk.article_id for passages in found for passage in passages}
            return found, {article_id: self._shelf.segment(article_id).article for article_id in quoted}

    def _refresh(self) -> None:
        """Take over what was written to the storage since the last time, by whomever."""
        changes = self._storage.changed_since(self._revision) if self._storage else None
        if self._storage and changes:
            if self._embedder and any(segment.vectors is not None for segment in changes.segments):
                self._storage.check_embedder(self._embedder)
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

    def _missing(
        self, questions: Sequence[str], article_ids: Sequence[str] | None, top_k: int, whole: int
    ) -> list[Missing]:
        with self._lock:
            self._refresh()
            chosen = self._shelf.segments(article_ids)
            return [] if _is_short(chosen, whole) else self._shelf.missing(questions, chosen, top_k)

    def _embed(self, missing: Sequence[Missing]) -> None:
        if not missing:
            return
        embedder = self._ready_embedder()
        rows = encode_groups([texts for *_, texts in missing], embedder)
        if self._storage:
            self._storage.check_embedder(embedder)
            # Stored vectors only save making them again. Where they cannot be stored (the folder is read-only, busy,
            # on a full disk) the question can be answered all the same, and whoever changes the library is told.
            with suppress(LibraryError):
                stored = [replace(s, vectors=part) for (s, *_), part in zip(missing, rows, strict=True)]
                self._storage.set_vectors(stored, embedder)
        with self._lock:
            for (segment, ids, _), part in zip(missing, rows, strict=True):
                self._shelf.give_vectors(segment, ids, part)

    def _ready_embedder(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                load = cast("Callable[[], Embedder]", self._given_embedder)
                embedder = load_embedder(load())
                if self._storage:
                    self._storage.check_embedder(embedder)
                self._embedder = embedder
            return self._embedder


def _is_short(chosen: Sequence[Segment], whole: int) -> bool:
    return sum(len(segment.chunks) for segment in chosen) <= whole


def _is_object(given: Callable[[], Embedder] | Embedder) -> TypeGuard[Embedder]:
    # An embedder may be callable too, and so is a SentenceTransformer, which has encode() and is to be refused.
    return not callable(given) or hasattr(given, "encode_queries") or hasattr(given, "encode")


def _with_vectors(segments: Sequence[Segment], embedder: Embedder) -> list[Segment]:
    rows = encode_groups([[indexed_text(s.article, chunk) for chunk in s.chunks] for s in segments], embedder)
    return [replace(segment, vectors=part) for segment, part in zip(segments, rows, strict=True)]
