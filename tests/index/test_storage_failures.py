"""Writes that fail half way, are killed or meet others: the library is as before or after."""

import multiprocessing
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from toys import stored, toy_splitter
from writers import TOY, add, add_and_remove, add_many, fill_the_disk, segment, use_read_only

from index.article import article_id
from index.collection import Collection
from index.errors import LibraryError
from index.segment import Segment, to_row
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
