"""A library folder: one SQLite file that holds articles, chunks and vectors.

SQLite gives what a library needs and hand-made files do not: a change is there entirely or not at all, whatever
is killed in the middle, and several processes can read and write the same folder.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Self

from index.database import BUSY_SECONDS, FILE, check, connect, make, meta, one_line
from index.embedder import Embedder
from index.errors import LibraryError
from index.segment import Segment, from_row, to_row
from index.splitter import Splitter

_SELECT = """
SELECT id, title, text, source, published, author, pages, offsets, vectors, sha256
FROM articles JOIN segments ON article_id = id
"""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a library holds now, and what of it was written since a revision.

    Attributes:
        revision: The revision now; every writing makes a new one.
        ids: All articles, in the order in which they were added.
        segments: Those written since, as they are now, in the same order.
    """

    revision: int
    ids: tuple[str, ...]
    segments: tuple[Segment, ...]


class Storage:
    """The library in a folder. Make one with ``Storage.open``; methods may be called from any thread.

    Every method either does all that it says or raises ``LibraryError`` and changes nothing.
    """

    def __init__(self, folder: Path, database: sqlite3.Connection, busy_seconds: float) -> None:
        self.folder = folder
        self._database = database
        self._busy_seconds = busy_seconds
        self._lock = RLock()

    @classmethod
    def open(cls, folder: str | os.PathLike[str], create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the library in a folder, and make it first if there is none and ``create`` is true.

        Raises:
            LibraryError: There is no library, or one that is damaged, of a newer version, or not readable.
        """
        folder = Path(folder)
        path = folder / FILE
        with one_line(folder, busy_seconds):
            if folder.exists() and not folder.is_dir():
                raise LibraryError(f"{folder} is a file: a library is a folder, so give another path.")
            if not path.exists():
                if not create:
                    raise LibraryError(f"There is no library in {folder}: check the folder, or add an article.")
                make(folder, path)
            database = connect(path, busy_seconds)
            try:
                check(database, folder)
            except BaseException:
                database.close()
                raise
        return cls(folder, database, busy_seconds)

    def close(self) -> None:
        """Close the file; the library cannot be used through this object any more."""
        with self._lock:
            self._database.close()

    def changed_since(self, revision: int) -> Changes | None:
        """Return what this or another process has changed since a revision, or None if nothing.

        Raises:
            LibraryError: An article is not what was stored.
        """
        with self._lock, one_line(self.folder, self._busy_seconds):
            with self._transaction("DEFERRED"):
                now = int(self._meta("revision") or 0)
                if now == revision:
                    return None
                ids = tuple(i for (i,) in self._database.execute("SELECT id FROM articles ORDER BY position"))
                rows = self._database.execute(f"{_SELECT} WHERE revision > ? ORDER BY position", (revision,))
                segments = tuple(map(from_row, rows))
            return Changes(now, ids, segments)

    def splitter_sizes(self) -> tuple[int, int] | None:
        """Return the size and overlap of the chunks in this library, or None while it has never had any."""
        with self._lock, one_line(self.folder, self._busy_seconds):
            size, overlap = self._meta("size"), self._meta("overlap")
        return (int(size), int(overlap)) if size and overlap else None

    def check_embedder(self, embedder: Embedder) -> None:
        """Raise LibraryError if the vectors in this library were made by another embedder."""
        with self._lock, one_line(self.folder, self._busy_seconds):
            name, fingerprint = self._meta("embedder"), self._meta("fingerprint")
            if fingerprint in (None, embedder.fingerprint) or not self._has_vectors():
                return
        raise LibraryError(
            f"The library {self.folder} was built with the embedder {name} ({str(fingerprint)[:12]}), not with"
            f" {embedder.name} ({embedder.fingerprint[:12]}): open it with the first, or build it again."
        )

    def check_writable(self) -> None:
        """Raise LibraryError if the library is read-only here, before work is done for nothing."""
        with self._lock, one_line(self.folder, self._busy_seconds):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._set_meta("revision", self._meta("revision") or "0")
            finally:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")

    def add(self, segments: Sequence[Segment], embedder: Embedder, splitter: Splitter) -> list[str]:
        """Store articles in one transaction; return the ids of those that were not stored already."""
        with self._writing() as revision:
            self._settle_embedder(segments, embedder)
            for key, value in (("size", splitter.size), ("overlap", splitter.overlap)):
                self._database.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, str(value)))
            return [segment.article.id for segment in segments if self._insert(segment, revision)]

    def set_vectors(self, segments: Sequence[Segment], embedder: Embedder) -> None:
        """Store the vectors of articles that are here without; leave those alone that changed meanwhile."""
        with self._writing() as revision:
            self._settle_embedder(segments, embedder)
            for segment in segments:
                row, old = to_row(segment), to_row(replace(segment, vectors=None))
                changed = self._database.execute(
                    "UPDATE segments SET vectors = ?, sha256 = ? WHERE article_id = ? AND sha256 = ?",
                    (row.vectors, row.sha256, row.id, old.sha256),
                )
                if changed.rowcount:
                    self._touch(row.id, revision)

    def rename(self, article_id: str, title: str) -> None:
        """Give an article another title; its vectors, which the title is part of, are forgotten."""
        with self._writing() as revision:
            for row in self._database.execute(f"{_SELECT} WHERE id = ?", (article_id,)).fetchall():
                segment = from_row(row)
                new = to_row(Segment(replace(segment.article, title=title), segment.chunks))
                self._database.execute("UPDATE articles SET title = ? WHERE id = ?", (new.title, new.id))
                self._database.execute(
                    "UPDATE segments SET vectors = NULL, sha256 = ? WHERE article_id = ?", (new.sha256, new.id)
                )
                self._touch(new.id, revision)

    def remove(self, ids: Sequence[str]) -> None:
        """Remove articles in one transaction; ids that are not here are ignored."""
        with self._writing():
            self._database.executemany("DELETE FROM articles WHERE id = ?", [(i,) for i in ids])

    def _insert(self, segment: Segment, revision: int) -> bool:
        *article, offsets, vectors, sha256 = to_row(segment)
        inserted = self._database.execute(
            "INSERT INTO articles (id, title, text, source, published, author, pages, revision)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (*article, revision),
        )
        if not inserted.rowcount:
            return False
        self._database.execute(
            "INSERT INTO segments VALUES (?, ?, ?, ?)", (segment.article.id, offsets, vectors, sha256)
        )
        return True

    def _settle_embedder(self, segments: Sequence[Segment], embedder: Embedder) -> None:
        self.check_embedder(embedder)
        vectors = next((s.vectors for s in segments if s.vectors is not None), None)
        if vectors is not None:
            self._set_meta("embedder", embedder.name)
            self._set_meta("fingerprint", embedder.fingerprint)
            self._set_meta("dimension", str(vectors.shape[1]))

    def _has_vectors(self) -> bool:
        found = self._database.execute("SELECT 1 FROM segments WHERE vectors IS NOT NULL LIMIT 1").fetchone()
        return found is not None

    def _touch(self, article_id: str, revision: int) -> None:
        self._database.execute("UPDATE articles SET revision = ? WHERE id = ?", (revision, article_id))

    def _meta(self, key: str) -> str | None:
        return meta(self._database, key)

    def _set_meta(self, key: str, value: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @contextmanager
    def _writing(self) -> Iterator[int]:
        """Hold the write lock over a block and commit at its end; gives the number of the new revision."""
        with self._lock, one_line(self.folder, self._busy_seconds), self._transaction("IMMEDIATE"):
            revision = int(self._meta("revision") or 0) + 1
            yield revision
            self._set_meta("revision", str(revision))

    @contextmanager
    def _transaction(self, kind: str) -> Iterator[None]:
        self._database.execute(f"BEGIN {kind}")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):  # most errors have rolled back already
                self._database.execute("ROLLBACK")
            raise
