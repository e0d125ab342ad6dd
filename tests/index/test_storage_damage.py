"""What cannot be opened as a library says so and is left alone."""

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from toys import stored
from writers import add, segment

from index.errors import LibraryError
from index.segment import Segment, from_row, to_row
from index.storage import Storage

FILE = "library.sqlite3"


def same(a: Segment, b: Segment) -> bool:
    return to_row(a) == to_row(b)


def test_no_library_is_made_unless_asked(tmp_path: Path):
    with pytest.raises(LibraryError, match="no library"):
        Storage.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_a_folder_with_other_things_is_fine(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    with closing(Storage.open(tmp_path)) as opened:
        add(opened, segment("a"))
    assert sorted(p.name for p in tmp_path.iterdir()) == [FILE, "notes.txt"]


def foreign_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE meta (key, value)")


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"SQLite format 3\0"),
        lambda path: path.write_bytes(random.Random(1).randbytes(5000)),  # noqa: S311
        lambda path: path.write_text("not a database at all " * 200),
        lambda path: path.mkdir(),
        foreign_database,
    ],
)
def test_what_is_no_library_is_refused_and_left_alone(tmp_path: Path, make: Callable[[Path], object]):
    path = tmp_path / FILE
    make(path)
    before = path.read_bytes() if path.is_file() else None
    for create in (True, False):
        with pytest.raises(LibraryError) as caught:
            Storage.open(tmp_path, create)
        assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="is a file"):
        Storage.open(tmp_path / "file")


def test_a_newer_format_asks_for_an_upgrade(storage: Storage):
    with closing(sqlite3.connect(storage.folder / FILE)) as database, database:
        database.execute("UPDATE meta SET value = '2' WHERE key = 'format'")
    with pytest.raises(LibraryError, match="upgrade"):
        Storage.open(storage.folder)


def test_a_closed_library_says_so(storage: Storage):
    storage.close()
    with pytest.raises(LibraryError, match="closed"):
        stored(storage)


def test_truncated_files_are_reported_and_left_alone(storage: Storage):
    add(storage, *(segment(f"{i}", 3000) for i in range(8)))
    storage.close()
    path = storage.folder / FILE
    whole = path.read_bytes()
    for length in [*range(0, 600, 37), *range(600, len(whole), 997), *range(4096, len(whole), 4096)]:
        path.write_bytes(whole[:length])
        with pytest.raises(LibraryError) as caught:
            stored(Storage.open(storage.folder))
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == whole[:length]
    path.write_bytes(whole)
    assert len(stored(Storage.open(storage.folder))) == 8


def test_damaged_bytes_are_reported_or_harmless(storage: Storage):
    add(storage, *(segment(f"{i}", 1500) for i in range(5)))
    rows = {to_row(s) for s in stored(storage)}
    storage.close()
    path = storage.folder / FILE
    whole = path.read_bytes()
    rng = random.Random(2)  # noqa: S311
    reported = 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            with closing(Storage.open(storage.folder)) as opened:
                assert {to_row(s) for s in stored(opened)} == rows
        except LibraryError as error:
            reported += 1
            assert "\n" not in str(error)
    assert reported > 50


@pytest.mark.parametrize("column", ["title", "text", "offsets", "vectors", "sha256", "pages"])
def test_every_column_is_checked(column: str):
    row = to_row(segment("a"))
    assert same(from_row(row), segment("a"))
    changed = {"pages": "[1]", "offsets": bytes(16), "vectors": bytes(len(row.vectors))}
    for value in (changed.get(column, "changed"), 7, None):
        with pytest.raises(ValueError, match="checksum"):
            from_row(row._replace(**{column: value}))
