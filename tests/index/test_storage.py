import multiprocessing
import os
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from toys import HashEmbedder, stored, toy_splitter
from writers import TOY, add_and_remove, add_many, fill_the_disk, segment, use_read_only

from index.article import Article, article_id
from index.collection import Collection
from index.errors import LibraryError
from index.segment import Segment, from_row, to_row
from index.storage import Storage

FILE = "library.sqlite3"


@pytest.fixture(scope="module")
def processes() -> Iterator[multiprocessing.context.ForkServerContext]:
    """Processes that start at once, from a server that has imported everything and has no threads."""
    with pytest.MonkeyPatch.context() as patch:
        paths = [Path(__file__).parent, Path(__file__).parents[2]]  # the server looks nowhere else
        patch.setenv("PYTHONPATH", os.pathsep.join(map(str, paths)))
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["writers"])
        yield context


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(Storage.open(tmp_path / "library")) as opened:
        yield opened


def add(storage: Storage, *segments: Segment) -> list[str]:
    return storage.add(segments, TOY, toy_splitter())


def same(a: Segment, b: Segment) -> bool:
    return to_row(a) == to_row(b)


def start(context, target: Callable[..., None], *arguments: object) -> tuple[multiprocessing.Process, Connection]:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*arguments, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def received(pipe: Connection) -> list[object]:
    """Everything that a process sent before its end."""
    messages = []
    while True:
        try:
            messages.append(pipe.recv())
        except EOFError:
            return messages


# What goes in comes out


def test_everything_is_kept_as_it_was(storage: Storage):
    text = "CRLF\r\nnul \0 nai\u0308ve 👩\u200d👩\u200d👧 שלום\u00a0nbsp \ufeff end"
    article = Article.of(text, "Títle", "https://example.org/ü", published="2024-05-01", author="Ann", pages=(0, 5))
    segments = [replace(segment("a"), article=article, chunks=segment("a").chunks), segment("b"), segment("c")]
    segments[0] = Segment(article, tuple(replace(c, article_id=article.id, end=9) for c in segments[0].chunks))
    assert add(storage, *segments) == [s.article.id for s in segments]
    with closing(Storage.open(storage.folder)) as again:
        loaded = stored(again)
    assert [s.article for s in loaded] == [s.article for s in segments]
    assert all(map(same, loaded, segments))
    assert loaded[0].vectors is None
    assert loaded[1].vectors.dtype == "float32"


def test_names_that_are_no_text_are_kept_as_well_as_they_can_be(storage: Storage):
    odd = replace(segment("a"), article=replace(segment("a").article, source=os.fsdecode(b"caf\xe9.txt")))
    add(storage, odd)
    assert [s.article.source for s in stored(storage)] == ["caf?.txt"]


def test_adding_is_idempotent_and_keeps_the_order(storage: Storage):
    a, b, c = map(segment, "abc")
    assert add(storage, b, a) == [b.article.id, a.article.id]
    assert add(storage, a, c, c) == [c.article.id]
    storage.remove([b.article.id, "unknown"])
    add(storage, b)
    assert [s.article.source for s in stored(storage)] == ["/a", "/c", "/b"]


def test_changed_since_tells_exactly_what_changed(storage: Storage):
    a, b = map(segment, "ab")
    add(storage, a, b)
    first = storage.changed_since(-1)
    assert storage.changed_since(first.revision) is None
    with closing(Storage.open(storage.folder)) as other:
        other.rename(b.article.id, "New")
        other.remove([a.article.id])
    changes = storage.changed_since(first.revision)
    assert changes.ids == (b.article.id,)
    assert [(s.article.title, s.vectors) for s in changes.segments] == [("New", None)]
    assert storage.changed_since(changes.revision) is None


def test_vectors_are_stored_only_with_the_title_they_were_made_for(storage: Storage):
    a = segment("a")
    add(storage, replace(a, vectors=None))
    storage.rename(a.article.id, "Newer")
    storage.set_vectors([a], TOY)  # made before the renaming
    assert [s.vectors for s in stored(storage)] == [None]
    newer = replace(a, article=replace(a.article, title="Newer"))
    storage.set_vectors([newer], TOY)
    assert same(stored(storage)[0], newer)


def test_another_embedder_is_refused_by_name_as_long_as_there_are_vectors(storage: Storage):
    other = HashEmbedder(name="other")
    add(storage, segment("a"))
    for attempt in (
        lambda: storage.check_embedder(other),
        lambda: storage.add([segment("b")], other, toy_splitter()),
        lambda: Collection(other, toy_splitter(), Storage.open(storage.folder)),
    ):
        with pytest.raises(LibraryError, match=r"toy.*other"):
            attempt()
    assert len(stored(storage)) == 1
    storage.remove([segment("a").article.id])
    assert storage.add([segment("b")], other, toy_splitter())
    storage.check_embedder(other)


def test_removed_text_is_not_left_in_the_file(storage: Storage):
    add(storage, segment("secret"), segment("other"))
    assert b"secret" in (storage.folder / FILE).read_bytes()
    storage.remove([segment("secret").article.id])
    assert b"secret" not in (storage.folder / FILE).read_bytes()


# What cannot be opened


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


# What fails half way


def test_killed_at_any_moment_the_library_is_old_or_new(tmp_path: Path, processes):
    rng = random.Random(3)  # noqa: S311
    state: list[str] = []
    interrupted = 0
    for seed in range(40):
        process, pipe = start(processes, add_and_remove, str(tmp_path), seed)
        pending = pipe.recv()
        time.sleep(rng.uniform(0, 0.12))
        process.kill()
        process.join()
        for message in received(pipe):
            state, pending = (pending, pending) if message is None else (state, message)
        interrupted += pending != state
        with closing(Storage.open(tmp_path, create=False)) as opened:
            loaded = stored(opened)
            ids = sorted(s.article.id for s in loaded)
            assert ids in (state, pending), "neither the old nor the new library"
            assert all(s.article.id == article_id(s.article.text) for s in loaded)
            assert all(len(s.vectors) == len(s.chunks) for s in loaded)
        state = ids
    assert interrupted >= 15, "too few kills hit a change to say anything"


def test_killed_while_made_no_half_library_stays(tmp_path: Path, processes):
    for seed in range(8):
        folder = tmp_path / str(seed)
        process, pipe = start(processes, add_and_remove, str(folder), seed)
        time.sleep(seed * 0.004)
        process.kill()
        process.join()
        pipe.close()
        with closing(Storage.open(folder)) as opened:
            stored(opened)


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path, processes):
    with closing(Storage.open(tmp_path)) as storage:
        workers = [processes.Process(target=add_many, args=(str(tmp_path), name, 20)) for name in "ab"]
        for worker in workers:
            worker.start()
        mine = [segment(f"mine {i}") for i in range(20)]
        for each in mine:
            add(storage, each)
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0]
        expected = {segment(f"{name} {i}").article.id for name in "ab" for i in range(1, 20, 2)}
        assert {s.article.id for s in stored(storage)} == expected | {s.article.id for s in mine}


def test_two_processes_make_the_same_library_at_once(tmp_path: Path, processes):
    for attempt in range(5):
        folder = tmp_path / str(attempt)
        workers = [processes.Process(target=add_many, args=(str(folder), name, 1)) for name in "abc"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [worker.exitcode for worker in workers] == [0, 0, 0]
        with closing(Storage.open(folder)) as opened:
            assert {s.article.source for s in stored(opened)} == {"/a 0", "/b 0", "/c 0"}


def test_a_full_disk_changes_nothing(storage: Storage):
    add(storage, segment("a"))
    collection = Collection(TOY, toy_splitter(), storage)
    pages = storage._database.execute("PRAGMA page_count").fetchone()[0]
    storage._database.execute(f"PRAGMA max_page_count = {pages + 4}")
    articles = collection.articles
    with pytest.raises(LibraryError, match=r"no space left.*[Nn]othing was changed"):
        collection.add([segment(f"big {i}", 30_000).article for i in range(3)])
    assert collection.articles == articles
    with closing(Storage.open(storage.folder)) as other:
        assert [s.article for s in stored(other)] == list(articles)
    storage._database.execute("PRAGMA max_page_count = 100000")
    assert collection.add([segment("big", 30_000).article]) == [True]


def test_a_failing_write_changes_nothing(tmp_path: Path, processes):
    with closing(Storage.open(tmp_path)) as storage:
        add(storage, segment("a"))
    process, pipe = start(processes, fill_the_disk, str(tmp_path))
    (message, unchanged), added = received(pipe)
    process.join()
    assert "Nothing was changed" in message
    assert unchanged
    assert added == [True, True, True]


def test_a_busy_library_says_so_after_waiting(storage: Storage):
    add(storage, segment("a"))
    with closing(Storage.open(storage.folder, busy_seconds=0.1)) as waiting:
        storage._database.execute("BEGIN EXCLUSIVE")
        for attempt in (lambda: add(waiting, segment("b")), lambda: stored(waiting)):
            with pytest.raises(LibraryError, match=r"busy: .* 0\.1 s"):
                attempt()
        storage._database.execute("ROLLBACK")
        assert add(waiting, segment("b"))


@pytest.mark.parametrize("protected", ["folder", "file", "both"])
def test_a_read_only_library_can_be_asked_but_not_changed(processes, protected: str):
    folder = Path(tempfile.mkdtemp())  # not tmp_path, whose parents are closed to other users
    try:
        with closing(Storage.open(folder)) as storage:
            add(storage, segment("a", 3000))
        folder.chmod(0o777 if protected == "file" else 0o555)
        (folder / FILE).chmod(0o666 if protected == "folder" else 0o444)
        before = (folder / FILE).read_bytes()
        process, pipe = start(processes, use_read_only, str(folder))
        found, *messages, unchanged, embedded = received(pipe)
        process.join()
        assert len(found) == 8
        assert len(messages) == 3
        assert all("read-only" in message for message in messages)
        assert unchanged
        assert not embedded, "found out only after the work was done"
        assert (folder / FILE).read_bytes() == before
    finally:
        folder.chmod(0o777)
        shutil.rmtree(folder)
