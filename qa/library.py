"""The facade: a collection of articles that can be asked."""

from __future__ import annotations

import threading
import time
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index.article import Article
from index.collection import Collection
from index.embedder import Embedder, load_embedder
from index.errors import UsageError
from index.splitter import Splitter
from index.storage import Storage
from qa import answering
from qa.calibration import Calibrator, checked_mode
from qa.inputs import article_ids, checked_question, read_file
from qa.reader import Reader, load_reader
from qa.windows import Context

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from index.article import Chunk, Passage
    from qa.answer import Answer
    from qa.answering import Reading
    from qa.conversation import Conversation

BATCH = 32  # questions whose windows are held in memory together


class Library:
    """Articles and the index over them, in memory or in a folder, and the reader that answers from them.

    The default models are loaded when they are first needed. All methods may be called from several threads.

    Args:
        folder: Where the library is kept; made if it does not exist. None keeps it in memory.
        reader: A folder or downloaded name of a Hugging Face question-answering model (torch, or ONNX when the folder
            holds an ONNX file), or an object that follows ``qa.Reader``. None takes the bundled reader.
        embedder: A sentence-transformers folder or downloaded name, or an object that follows ``qa.Embedder``. None
            takes all-MiniLM-L6-v2.
        create: Whether to make the library in a folder that has none.

    Raises:
        LibraryError: The folder has no library and none is to be made, holds something else, is corrupt, or was
            built with another embedder; the default embedder is compared when it is first needed.
        ModelError: A model cannot be loaded, or an object is not one.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        *,
        reader: str | os.PathLike[str] | Reader | None = None,
        embedder: str | os.PathLike[str] | Embedder | None = None,
        create: bool = True,
    ) -> None:
        self._lock = threading.RLock()
        self._reader = None if reader is None else load_reader(reader)
        self._embedder = None if embedder is None else load_embedder(embedder)
        storage = Storage.open(Path(folder), create) if folder is not None else None
        splitter = Splitter(lambda texts: self.reader.count_tokens(texts))
        # The default models are loaded when they are first needed; named ones must be there now.
        try:
            self._collection = Collection(self._embedder or (lambda: self.embedder), splitter, storage)
        except BaseException:
            if storage:
                storage.close()
            raise

    @property
    def reader(self) -> Reader:
        """The model that answers are decoded from."""
        with self._lock:
            if self._reader is None:
                self._reader = load_reader()
            return self._reader

    @property
    def embedder(self) -> Embedder:
        """The model that passages are found with."""
        with self._lock:
            if self._embedder is None:
                self._embedder = load_embedder()
            return self._embedder

    @cached_property
    def calibrator(self) -> Calibrator | None:
        """What turns the reader's margins into probabilities, or None when none was fitted to this reader."""
        return Calibrator.load(self.reader.folder, self.reader.fingerprint)

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles, in the order in which they were added."""
        return self._collection.articles

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.articles)

    def __contains__(self, article: object) -> bool:
        return any(article in (held, held.id) for held in self.articles)

    def add(self, text: str, title: str | None = None, source: str | None = None, **details: Any) -> Article:
        """Add a text and return its article; a text that is already there is not added again.

        Args:
            text: The article; offsets of answers refer to it, and it is kept as it is.
            title: Shown with answers; by default the first words of the text.
            source: Where it came from.
            **details: ``published`` (ISO date), ``author``, ``pages`` (offset at which each page starts).

        Raises:
            InputError: The text is empty.
            LibraryError: It cannot be stored; nothing was changed.
        """
        article = Article.of(text, title, source, **details)
        self.add_articles([article])
        return self.get(article.id)

    def add_file(self, path: str | os.PathLike[str] | bytes, name: str | None = None) -> Article:
        """Read a file and add it: .txt .md .html .pdf .docx .epub.

        Args:
            path: The file, or its bytes.
            name: What the bytes are called; its suffix says what they are.

        Raises:
            InputError: It cannot be read.
            UsageError: Bytes came without a name.
        """
        article = read_file(path, name)
        self.add_articles([article])
        return self.get(article.id)

    def add_articles(self, articles: Sequence[Article]) -> list[bool]:
        """Add several articles at once, all or none, and return for each whether it was new."""
        return self._collection.add(articles)

    def get(self, article_id: str) -> Article:
        """Return an article.

        Raises:
            UsageError: There is none with this id.
        """
        return self._collection.get(article_id)

    def chunks(self, article_id: str) -> tuple[Chunk, ...]:
        """Return the chunks that an article was cut into, in order."""
        return self._collection.chunks(article_id)

    def rename(self, article_id: str, title: str) -> Article:
        """Give an article another title and return it."""
        self._collection.rename(article_id, title)
        return self.get(article_id)

    def remove(self, *article_ids: str) -> None:
        """Remove articles.

        Raises:
            UsageError: There is none with one of the ids; nothing was removed.
        """
        self._collection.remove(article_ids)

    def close(self) -> None:
        """Release the folder; everything is already saved."""
        self._collection.close()

    def find(self, question: str, articles: Iterable[str | Article] | None = None, top_k: int = 8) -> list[Passage]:
        """Return the passages that a question would be looked for in, best first."""
        return self._collection.retrieve(checked_question(question), article_ids(articles), top_k, whole=0)

    def ask(
        self,
        question: str,
        articles: Iterable[str | Article] | str | Article | None = None,
        mode: str = "balanced",
        top_k: int = 8,
    ) -> Answer:
        """Answer a question with an exact quote, or say that the articles do not.

        Args:
            question: In words, of at most 2,000 characters.
            articles: Which articles (or their ids) to ask; by default all.
            mode: "strict" answers only when nearly sure, "eager" whenever there is a hint.
            top_k: How many passages to read when the articles are too long to be read whole.

        Raises:
            UsageError: The question is empty or too long, there is no such mode or article, or there are no articles.
        """
        return self.ask_many([question], articles, mode, top_k)[0]

    def ask_many(
        self,
        questions: Sequence[str],
        articles: Iterable[str | Article] | str | Article | None = None,
        mode: str = "balanced",
        top_k: int = 8,
    ) -> list[Answer]:
        """Answer several questions together, which is faster than one by one."""
        checked_mode(mode)
        return [self.decide(reading, mode) for reading in self.read_many(questions, articles, top_k)]

    def chat(
        self,
        articles: Iterable[str | Article] | str | Article | None = None,
        mode: str = "balanced",
        top_k: int = 8,
    ) -> Conversation:
        """Return a conversation, in which "and when?" asks about what was said before; arguments as for ``ask``."""
        from qa.conversation import Conversation  # which reads with a library

        return Conversation(self, articles, mode, top_k)

    def decide(self, reading: Reading, mode: str = "balanced") -> Answer:
        """Turn what was read into an answer, by the operating point of a mode."""
        return answering.decide(reading, checked_mode(mode), self.calibrator)

    def read_many(
        self, questions: Sequence[str], articles: Iterable[str | Article] | str | Article | None = None, top_k: int = 8
    ) -> list[Reading]:
        """Return what the reader makes of each question, before confidence and decision; ``decide`` does the rest."""
        asked = [checked_question(question) for question in questions]
        if not asked:
            return []
        if not self.articles:
            raise UsageError("There is no article to ask: add one first.")
        if not 1 <= top_k <= 1000:
            raise UsageError(f"top_k is {top_k}: choose between 1 and 1000 passages.")
        chosen = article_ids(articles)
        readings: list[Reading] = []
        for at in range(0, len(asked), BATCH):
            readings += self._read_batch(asked[at : at + BATCH], chosen, top_k)
        return readings

    def _read_batch(self, asked: Sequence[str], chosen: list[str] | None, top_k: int) -> list[Reading]:
        clock = _Clock(len(asked))
        found, held = self._collection.retrieve_with_articles(asked, chosen, top_k)
        clock.lap("retrieve")
        windows = [self.reader.windows(question, _contexts(found[at], held)) for at, question in enumerate(asked)]
        logits = iter(self.reader.logits([window for group in windows for window in group]))
        clock.lap("read")
        readings = [
            answering.read(question, held, found[at], windows[at], [next(logits) for _ in windows[at]])
            for at, question in enumerate(asked)
        ]
        clock.lap("decode")
        for reading in readings:
            reading.milliseconds.update(clock.laps)
        return readings


def ask(text: str, question: str, mode: str = "balanced") -> Answer:
    """Answer a question about one text; to ask it more than once, make a ``Library``.

    Raises:
        InputError: The text is empty.
        UsageError: The question is empty, or there is no such mode.
    """
    checked_question(question)
    checked_mode(mode)
    library = Library(reader=_default_reader())
    library.add(text)
    return library.ask(question, mode=mode)


class _Clock:
    def __init__(self, shared_by: int) -> None:
        self.laps: dict[str, float] = {}
        self._shared_by = shared_by
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.laps[stage] = round(1000 * (now - self._last) / self._shared_by, 3)
        self._last = now


def _contexts(passages: Sequence[Passage], articles: dict[str, Article]) -> list[Context]:
    chunks = [passage.chunk for passage in passages]
    return [Context(articles[chunk.article_id].text[chunk.start : chunk.end], chunk.start) for chunk in chunks]


@cache
def _default_reader() -> Reader:
    return load_reader()
