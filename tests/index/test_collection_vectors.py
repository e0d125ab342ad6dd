"""The vectors of a collection: when they are made, where they are kept, and whose they are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from toys import HashEmbedder, article, reopened, reopened_after_adding, toy_splitter

from index.collection import Collection
from index.errors import LibraryError, ModelError
from index.storage import Storage


@pytest.mark.parametrize("reason", ["is busy", "is read-only here", "cannot grow: no space left"])
def test_a_question_is_answered_where_its_vectors_cannot_be_stored(reason: str, tmp_path: Path, monkeypatch):
    a = article("a", 40)
    reopened_after_adding(tmp_path, a).rename(a.id, "Vectors gone")
    collection = reopened(tmp_path)

    def refuse(*_: object) -> None:
        raise LibraryError(f"The library {reason}.")

    monkeypatch.setattr(Storage, "set_vectors", refuse)
    first = collection.retrieve("What does afact3 cost?", whole=0)
    assert first[0].dense_rank is not None
    assert collection.retrieve("What does afact3 cost?", whole=0) == first


def test_vectors_of_another_embedder_are_not_mixed_in(tmp_path: Path):
    a, b, c = (article(name, 40) for name in "abc")
    mine = reopened_after_adding(tmp_path, a)
    mine.retrieve("What?", whole=0)
    mine.remove([a.id])
    theirs = Collection(HashEmbedder(name="other"), toy_splitter(), Storage.open(tmp_path))
    theirs.add([b, c])
    theirs.rename(c.id, "Vectors gone")
    with pytest.raises(LibraryError, match=r"other.*toy"):
        mine.retrieve("What does cfact3 cost?", [c.id], whole=0)


@pytest.mark.parametrize("dimension", [16, 8])
def test_vectors_that_another_embedder_stored_meanwhile_are_not_searched(dimension: int, tmp_path: Path):
    mine = Collection(HashEmbedder(), toy_splitter(), Storage.open(tmp_path))
    theirs = Collection(HashEmbedder(dimension, "other"), toy_splitter(), Storage.open(tmp_path))
    theirs.add([article("a")])
    for attempt in (lambda: mine.retrieve("What does afact3 cost?", whole=0), lambda: mine.add([article("b")])):
        with pytest.raises(LibraryError, match=r"other.*toy"):
            attempt()


def test_in_memory_only_the_articles_asked_are_embedded_and_only_once():
    embedder = HashEmbedder()
    collection = Collection(lambda: embedder, toy_splitter())
    a, b = article("a"), article("b")
    collection.add([a, b])
    assert embedder.passages == []
    first = collection.retrieve("What does afact3 cost?", [a.id], whole=0)
    assert len(embedder.passages) == len(collection.chunks(a.id))
    collection.retrieve("What?", whole=0)
    both = len(collection.chunks(a.id)) + len(collection.chunks(b.id))
    assert len(embedder.passages) == both
    assert collection.retrieve("What does afact3 cost?", [a.id], whole=0) == first
    assert len(embedder.passages) == both


def test_at_a_folder_everything_is_embedded_when_added_and_never_again(tmp_path: Path):
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter(), Storage.open(tmp_path))
    a, b = article("a"), article("b")
    collection.add([a, b])
    assert len(embedder.passages) == len(collection.chunks(a.id)) + len(collection.chunks(b.id))
    found = collection.retrieve("What does afact3 cost?", whole=0)
    again = reopened(tmp_path, later := HashEmbedder())
    assert again.articles == (a, b)
    assert again.retrieve("What does afact3 cost?", whole=0) == found
    assert later.passages == []


def test_vectors_lost_by_renaming_are_made_once_and_stored(tmp_path: Path):
    a = article("a")
    first = reopened_after_adding(tmp_path, a)
    first.rename(a.id, "New")
    first.close()
    second = reopened(tmp_path, embedder := HashEmbedder())
    found = second.retrieve("What does afact3 cost?", whole=0)
    assert len(embedder.passages) == len(second.chunks(a.id))
    assert all(text.startswith("New\n") for text in embedder.passages)
    third = reopened(tmp_path, embedder := HashEmbedder())
    assert third.retrieve("What does afact3 cost?", whole=0) == found
    assert embedder.passages == []


class FailingEmbedder(HashEmbedder):
    def encode_passages(self, texts):
        raise ModelError("out of order")


def test_a_failed_addition_changes_nothing(tmp_path: Path):
    a, b = article("a"), article("b")
    reopened_after_adding(tmp_path, a).close()
    collection = reopened(tmp_path, FailingEmbedder())
    with pytest.raises(ModelError):
        collection.add([b])
    assert collection.articles == reopened(tmp_path).articles == (a,)


def test_another_embedder_is_refused_before_it_is_used(tmp_path: Path):
    reopened_after_adding(tmp_path, article("a")).close()
    with pytest.raises(LibraryError, match=r"toy.*other"):
        reopened(tmp_path, HashEmbedder(name="other"))
    lazy = Collection(lambda: HashEmbedder(name="other"), toy_splitter(), Storage.open(tmp_path))
    assert lazy.retrieve("q", whole=100), "an article that is read whole needs no embedder"
    for attempt in (lambda: lazy.retrieve("q", whole=0), lambda: lazy.add([article("b")])):
        with pytest.raises(LibraryError, match=r"toy.*other"):
            attempt()


class MeanwhileEmbedder(HashEmbedder):
    """Does something each time before it embeds passages."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def encode_passages(self, texts):
        self.meanwhile()
        return super().encode_passages(texts)


def test_others_go_on_while_a_question_waits_for_vectors_and_none_is_made_twice():
    started, go_on = Event(), Event()

    def wait() -> None:
        started.set()
        assert go_on.wait(20)

    embedder = MeanwhileEmbedder(wait)
    collection = Collection(embedder, toy_splitter())
    a, b, short = article("a", 40), article("b", 40), article("short", 3)
    collection.add([a, b])
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(collection.retrieve, "What does afact3 cost?", whole=0) for _ in range(2)]
        assert started.wait(20)
        assert collection.get(b.id) == b
        assert collection.add([short]) == [True]
        assert collection.retrieve("What does shortfact1 cost?", [short.id])
        go_on.set()
        for found in asked:
            best = found.result()[0].chunk
            assert "aprice3" in a.text[best.start : best.end]
    assert len(embedder.passages) == len(set(embedder.passages))


@pytest.mark.parametrize("folder", [False, True])
def test_what_changes_while_it_is_embedded_is_found_as_it_is_then(folder: bool, tmp_path: Path):
    a, b, c = (article(name, 40) for name in "abc")
    changes: list[Callable[[], object]] = []
    embedder = MeanwhileEmbedder(lambda: changes and (changes.pop()(), changes.pop()()))
    collection = Collection(embedder, toy_splitter(), Storage.open(tmp_path) if folder else None)
    collection.add([a, b, c])
    for one in (a, b, c):
        collection.rename(one.id, "Vectors gone")
    changes += [lambda: collection.remove([b.id]), lambda: collection.rename(c.id, "Other")]
    first, second = (collection.retrieve("What does afact3 cfact5 cost?", whole=0) for _ in range(2))
    assert {p.chunk.article_id for p in first} | {p.chunk.article_id for p in second} == {a.id, c.id}
    assert all(p.dense_rank for p in second)
    assert collection.get(c.id).title == "Other"
