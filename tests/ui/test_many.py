"""Many at once: each gets the answers of its own articles, waiting is bounded, and what is left behind is released."""

import gc
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import datetime, timedelta

import gradio as gr
import httpx
import pytest
from gradio.routes import App
from gradio_client import handle_file
from gradio_client.client import QueueError
from gradio_client.exceptions import AppError
from serving import client, running, serving, toy_desk
from ui_toys import NoEmbedder, StoppedReader, WordReader

import qa
from ui import app, page, visits
from ui.desk import Desk
from ui.programs import Programs
from ui.session import Session
from ui.visits import Visits

ASKERS = 16


def test_sixteen_askers_get_answers_of_their_own_articles() -> None:
    together = threading.Barrier(ASKERS)
    with running() as address:

        def asks(number: int) -> set[tuple[str, str]]:
            program = client(address)
            together.wait(60)
            own = program.predict(text=f"Asker {number} has the key. The code is c{number}.", api_name="/add")["id"]
            found = [program.predict(f"What is {word}?", api_name="/ask") for word in ("key", f"c{number}", "key")]
            assert all(answer["span"]["article_id"] == own for answer in found)
            other = program.predict(f"What is c{(number + 1) % ASKERS}?", api_name="/ask")
            return {(answer["text"], answer["sentence"]) for answer in [*found, other]}

        with ThreadPoolExecutor(ASKERS) as pool:
            answers = list(pool.map(asks, range(ASKERS)))
    for number, found in enumerate(answers):
        assert found == {
            ("key", f"Asker {number} has the key."), (f"c{number}", f"The code is c{number}."), ("", "")
        }  # fmt: skip


@contextmanager
def all_busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, StoppedReader]]:
    """A server whose readers are all at work, and where only one more can wait."""
    monkeypatch.setattr(app, "MAX_WAITING", 1)
    reader = StoppedReader()
    try:
        with running(toy_desk(reader)) as address:
            yield address, reader
    finally:
        reader.may.set()


def test_where_too_many_wait_the_next_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with all_busy(monkeypatch) as (address, reader):
        program = client(address)
        jobs = []
        for _ in range(page.READERS_AT_ONCE):
            jobs.append(program.submit("Is it here?", text="It is here.", api_name="/ask"))
            assert reader.begun.acquire(timeout=60)
        asked = {"question": "Is it here?", "text": "It is here."}
        assert httpx.post(f"{address}/gradio_api/call/v2/ask", json=asked).status_code == 200  # which waits
        refused = httpx.post(f"{address}/gradio_api/call/v2/ask", json=asked)
        assert refused.status_code == 503 and "Queue is full" in refused.json()["detail"]
        with pytest.raises(QueueError, match="Queue is full! Please try again"):
            client(address).predict("Is it here?", text="It is here.", api_name="/ask")
        reader.may.set()
        assert [job.result(60)["text"] for job in jobs] == ["here"] * page.READERS_AT_ONCE


def test_past_the_queue_too(monkeypatch: pytest.MonkeyPatch) -> None:
    with all_busy(monkeypatch) as (address, reader), ThreadPoolExecutor(8) as pool:

        def asks() -> dict:
            data = ["Is it here?", "It is here.", [], "eager", ""]
            return httpx.post(f"{address}/gradio_api/run/ask", json={"data": data}, timeout=60).json()

        calls = [pool.submit(asks) for _ in range(page.READERS_AT_ONCE + 2)]
        for _ in range(page.READERS_AT_ONCE):
            assert reader.begun.acquire(timeout=60)
        refused = wait(calls, 60, FIRST_COMPLETED).done.pop()
        assert "The server is busy" in refused.result()["error"]
        reader.may.set()
        answers = [call.result(60) for call in calls if call is not refused]
        assert [answer["data"][0]["text"] for answer in answers] == ["here"] * (page.READERS_AT_ONCE + 1)


def test_pages_that_are_slow_to_come_keep_no_question_waiting(desk: Desk) -> None:
    blocks = app.build(desk)
    names = {
        key: getattr(block, "label", None) or block.value
        for key, block in blocks.blocks.items()
        if hasattr(block, "value")
    }
    queues = {
        names.get(key): function.concurrency_id for function in blocks.fns.values() for key, _ in function.targets
    }
    assert queues["Add this page"] == queues["Address"] != queues["Ask"] == queues["Add this text"]


def test_an_upload_that_is_too_large_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    monkeypatch.setattr(app, "MAX_UPLOAD", "2kb")
    (tmp_path / "large.txt").write_text("It is large. " * 1000)
    (tmp_path / "small.txt").write_text("It is small.")
    with running() as address:
        files = {"files": ("large.txt", (tmp_path / "large.txt").read_bytes())}
        refused = httpx.post(f"{address}/gradio_api/upload", files=files)
        assert refused.status_code == 413 and "maximum allowed size" in refused.text
        program = client(address)
        with pytest.raises(ValueError, match="large.txt exceeds the maximum file size of 2048 bytes"):
            program.predict(handle_file(tmp_path / "large.txt"), api_name="/add_file")
        assert program.predict(handle_file(tmp_path / "small.txt"), api_name="/add_file")["characters"] == 12


def test_a_text_that_is_too_large_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.shelf.MAX_CHARS", 100)
    with running() as address, pytest.raises(AppError, match="no more room"):
        client(address).predict(text="It is large. " * 10, api_name="/add")


def with_plums(session: Session) -> Session:
    session.shelf.add_text("Plums grow in Visby.", "")
    return session


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_programs_add_is_gone_when_it_was_not_used_for_long(desk: Desk, closed: list[object]) -> None:
    clock = Clock()
    held = Visits(desk, idle=100, clock=clock)
    handle, session = held.add("", "caller", with_plums)
    used, other = held.add("", None, with_plums)
    gone = weakref.ref(session.shelf.library)
    clock.now = 60
    assert held.find(used, None) is other
    clock.now = 100
    held.release_idle()
    assert closed == [gone()] and len(held) == 1
    closed.clear()
    del session
    gc.collect()
    assert gone() is None
    for named in (handle, ""):  # its questions are not answered from other articles, whether it names them or not
        with pytest.raises(qa.UsageError, match=f"There is no library '{handle}'"):
            held.find(named, "caller")
    assert held.find("", "another") is None
    again, _ = held.add("", "caller", with_plums)
    assert again != handle and held.find("", "caller") is held.find(again, None)
    assert held.find(used, None) is other and other.own
    held.close()
    assert len(held) == 0 and len(closed) == 2


def test_it_goes_though_nobody_asks_again(desk: Desk, closed: list[object]) -> None:
    held = Visits(desk, idle=0.01)
    _, session = held.add("", None, with_plums)
    gone = threading.Event()
    closed_session, session.close = session.close, lambda: (closed_session(), gone.set())
    assert gone.wait(60) and closed and len(held) == 0


def test_the_one_unused_for_longest_makes_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MAX_VISITS", 2)
    held = Visits(desk)
    first, _ = held.add("", None, with_plums)
    second, _ = held.add("", "caller", with_plums)
    held.find(first, None)
    held.add("", None, with_plums)
    assert len(held) == 2 and held.find(first, None)
    for named in (second, ""):
        with pytest.raises(qa.UsageError):
            held.find(named, "caller")
    held.close()


def test_what_is_refused_takes_nobodys_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MAX_VISITS", 2)
    programs = Programs(desk)
    kept = [programs.add(name, "Plums grow in Visby.", "", "")["library"] for name in ("one", "other")]
    for caller in (None, "third", "third"):
        with pytest.raises(qa.InputError, match="no text"):
            programs.add(caller, " ", "", "")
    assert len(desk.visits) == 2 and all(desk.visits.find(library, None) for library in kept)
    assert not [article for article in programs.articles("third", "") if article["own"]]


def test_what_one_caller_adds_at_once_belongs_together(desk: Desk) -> None:
    held, inside = Visits(desk), []

    def slow(session: Session) -> None:
        if not inside:
            inside.append(held.add("", "caller", lambda other: other.shelf.add_text("Pears grow in Lund.", ""))[0])
        with_plums(session)

    library, _ = held.add("", "caller", slow)
    assert [library] == inside and len(held) == 1
    assert [article.text for article in held.find(library, None).own] == ["Pears grow in Lund.", "Plums grow in Visby."]
    held.close()


def test_callers_are_remembered_and_not_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MAX_CALLERS", 2)
    held = Visits(desk)
    for caller in ("a", "b"):
        held.add("", caller, with_plums)
    held.find("", "a")
    held.add("", "c", with_plums)
    assert held.find("", "a") and held.find("", "c") and held.find("", "b") is None
    held.close()


def test_programs_take_no_room_from_the_pages_of_people(desk: Desk) -> None:
    blocks = app.build(desk)
    with serving(blocks) as address:
        held = blocks.state_holder.session_data
        blocks.state_holder["page"][next(iter(blocks.blocks))]  # somebody's page, with what it has
        held["page"].state_data[0] = "own"
        program = client(address)
        program.predict("Who?", text="It is.", api_name="/ask")
        program.predict(text="It is.", api_name="/add")
        httpx.post(f"{address}/gradio_api/run/articles", json={"data": [""], "session_hash": "page"})
        assert list(held) == ["page"]


@pytest.mark.parametrize("ended", [False, True])
def test_a_page_that_is_idle_or_closed_leaves_nothing(desk: Desk, closed: list[object], ended: bool) -> None:
    blocks = app.build(desk)
    blocks.state_session_capacity = 10
    holder = App.create_app(blocks).state_holder
    state = next(block for block in blocks.blocks.values() if isinstance(block, gr.State))
    assert state.time_to_live == page.IDLE_SECONDS
    session = Session(desk)
    session.shelf.add_text("Plums grow in Visby.", "")
    gone = weakref.ref(session), weakref.ref(session.shelf.library)
    holder["page"][state._id] = session
    del session
    holder.delete_all_expired_state()
    assert gone[0]() and not closed
    after = 3600 if ended else page.IDLE_SECONDS  # Gradio keeps what was closed for an hour, for those who come back
    holder["page"].is_closed = ended
    holder["page"]._state_ttl[state._id] = (page.IDLE_SECONDS, datetime.now() - timedelta(seconds=after + 1))
    holder.delete_all_expired_state()
    assert len(closed) == 1
    closed.clear()
    gc.collect()
    assert gone[0]() is None and gone[1]() is None


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk(reader=WordReader(), embedder=NoEmbedder())
    yield desk
    desk.close()


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The libraries that were closed."""
    found: list[object] = []
    close = qa.Library.close
    monkeypatch.setattr(qa.Library, "close", lambda library: (found.append(library), close(library)))
    return found
