"""The SQLite file of a library: making, opening and checking it, and what its errors mean."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

from index.errors import LibraryError

FILE = "library.sqlite3"
FORMAT = 1
BUSY_SECONDS = 10.0
_APPLICATION_ID = 0x41727451  # "ArtQ", in the header of the file: says that it is ours

_SCHEMA = f"""
PRAGMA application_id = {_APPLICATION_ID};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT, published TEXT, author TEXT, pages TEXT NOT NULL, revision INTEGER NOT NULL
);
CREATE TABLE segments (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, offsets BLOB NOT NULL, vectors BLOB,
    sha256 TEXT NOT NULL
);
INSERT INTO meta VALUES ('format', '{FORMAT}'), ('revision', '0');
"""  # noqa: S608 - both values are constants
_REASONS = {  # by SQLite's primary result code
    sqlite3.SQLITE_BUSY: "is busy: another process has been writing to it for over {busy:g} s."
    " Nothing was changed; try again when it is done.",
    sqlite3.SQLITE_LOCKED: "is busy. Nothing was changed; try again.",
    sqlite3.SQLITE_FULL: "cannot grow: no space left. Nothing was changed; free some space and try again.",
    sqlite3.SQLITE_READONLY: "is read-only here. Nothing was changed; to change it, make the folder and"
    " its file writable.",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: the folder or its file does not allow it.",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}). Nothing was changed; restore {file} from a copy, or move it"
    " away and add the articles again.",
    sqlite3.SQLITE_NOTADB: "has a file {file} that is no library, or a damaged one. It was left alone; move it"
    " away, or give another folder.",
}


def make(folder: Path, path: Path) -> None:
    """Make an empty library beside its place and link it there, so that nobody ever sees half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{FILE}-{token_hex(8)}.tmp"
    try:
        draft.touch(exist_ok=False)
        database = connect(draft, BUSY_SECONDS)
        try:
            database.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
        finally:
            database.close()
        _place(draft, path)
        if os.name == "posix":
            entry = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(entry)
            finally:
                os.close(entry)
    finally:
        draft.unlink(missing_ok=True)


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was faster: its library is as good
    except OSError:  # a file system without hard links
        if not path.exists():
            draft.rename(path)


def connect(path: Path, busy_seconds: float) -> sqlite3.Connection:
    """Open a file that exists, for writing where that is allowed."""
    uri = f"{path.absolute().as_uri()}?mode=rw"  # opens read-only where writing is not allowed, never creates
    database = sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    for setting in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA {setting}")
    return database


def check(database: sqlite3.Connection, folder: Path) -> None:
    """Raise LibraryError unless the file is an undamaged library of a format that this version reads."""
    if database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        raise LibraryError(f"The library {folder} {_REASONS[sqlite3.SQLITE_NOTADB].format(file=FILE)}")
    problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        reason = _REASONS[sqlite3.SQLITE_CORRUPT].format(error=" ".join(problem.split()), file=FILE)
        raise LibraryError(f"The library {folder} {reason}")
    version = int(meta(database, "format") or 0)
    if version > FORMAT:
        raise LibraryError(
            f"The library {folder} has format {version} and this article-qa reads up to {FORMAT}: upgrade article-qa."
        )


def meta(database: sqlite3.Connection, key: str) -> str | None:
    """Return a value that is kept about the library as a whole, or None."""
    row: Any = database.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return None if row is None else str(row[0])


@contextmanager
def one_line(folder: Path, busy_seconds: float) -> Iterator[None]:
    """Turn whatever goes wrong with the file into one line that says what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise LibraryError(f"The library {folder} was closed: open it again.") from None
    except (sqlite3.Error, ValueError) as error:
        # A row that does not decode has no code of SQLite: it is damage too.
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        reason = _REASONS.get(code, "cannot be read or written ({error}). Nothing was changed.")
        line = reason.format(error=" ".join(str(error).split()), busy=busy_seconds, file=FILE)
        raise LibraryError(f"The library {folder} {line}") from error
    except OSError as error:
        raise LibraryError(f"The library {folder} cannot be opened: {error.strerror or error}.") from error
