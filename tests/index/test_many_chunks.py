"""More chunks than are worth embedding for a question: which of them are, and what is found."""

from pathlib import Path

import pytest
from toys import HashEmbedder, article, toy_splitter

from index.collection import Collection
from index.storage import Storage


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few chunks be many, and fewer be embedded for a question."""
    monkeypatch.setattr("index.shelf._MANY", 30)
    monkeypatch.setattr("index.shelf._LIKELY", 10)


def test_of_many_chunks_in_memory_only_those_with_words_of_the_question_are_embedded():
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter())
    long, other = article("long", 200), article("other", 5)
    collection.add([other, long])
    total = sum(len(collection.chunks(a.id)) for a in (long, other))
    assert total > 2 * 30
    first = collection.retrieve("What does longfact150 cost in long?", top_k=20, whole=0)
    best = first[0].chunk
    assert "longprice150" in long.text[best.start : best.end]
    assert len(embedder.passages) == 20 == len(first), "as many as are to be read"
    assert sorted(p.dense_rank for p in first) == sorted(p.lexical_rank for p in first) == list(range(1, 21))
    assert all(p.lexical_score and p.dense_score is not None for p in first)
    asked_before = list(embedder.passages)
    assert collection.retrieve("What does longfact150 cost in long?", top_k=20, whole=0) == first
    assert embedder.passages == asked_before, "vectors are kept"
    questions = ["What does longfact7 cost?", "What does longfact90 cost?"]
    together = collection.retrieve_many(questions, top_k=3, whole=0)
    assert len(embedder.passages) == len(set(embedder.passages)) <= 40
    assert together == [collection.retrieve(question, top_k=3, whole=0) for question in questions]
    fresh = Collection(HashEmbedder(), toy_splitter())
    fresh.add([other, long])
    assert fresh.retrieve(questions[1], top_k=3, whole=0) == together[1], "whatever was asked before"
    only = collection.retrieve("What does longfact7 cost?", [long.id], top_k=3, whole=0)
    assert {p.chunk.article_id for p in only} == {long.id}


def test_a_question_without_a_word_in_common_is_looked_for_all_over():
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter())
    long = article("long", 200)
    collection.add([long])
    found = collection.retrieve("Wieviel?", top_k=8, whole=0)
    assert [p.rank for p in found] == list(range(1, 9))
    assert all(p.lexical_rank is None and p.dense_rank is not None for p in found)
    assert len(embedder.passages) == 10
    places = sorted(long.text.index(text.split("\n", 1)[1]) for text in embedder.passages)
    assert places[0] == 0 and places[-1] > 0.9 * len(long.text)


def test_once_few_chunks_lack_vectors_all_get_them_and_none_twice(monkeypatch: pytest.MonkeyPatch):
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter())
    long = article("long", 150)
    collection.add([long])
    total = len(collection.chunks(long.id))
    assert total > 30 + 10
    for top_k, embedded in ((8, 10), (25, 25), (8, total)):
        collection.retrieve("What does longfact5 cost in long?", top_k=top_k, whole=0)
        assert len(embedder.passages) == len(set(embedder.passages)) == embedded
    monkeypatch.setattr("index.shelf._MANY", total)
    fresh = Collection(HashEmbedder(), toy_splitter())
    fresh.add([long])
    mine, theirs = (c.retrieve("What does longfact7 cost?", whole=0) for c in (collection, fresh))
    assert [p.chunk for p in mine] == [p.chunk for p in theirs]
    collection.remove([long.id])
    collection.add([long])
    collection.retrieve("What does longfact7 cost?", whole=0)
    assert len(embedder.passages) == 2 * total, "an article is removed with its vectors"


def test_at_a_folder_all_of_many_chunks_are_embedded(tmp_path: Path):
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter(), Storage.open(tmp_path))
    long = article("long", 200)
    collection.add([long])
    assert len(embedder.passages) == len(collection.chunks(long.id))
    collection.rename(long.id, "Renamed")
    collection.retrieve("What does longfact7 cost?", whole=0)
    assert len(embedder.passages) == 2 * len(collection.chunks(long.id))


def test_where_few_chunks_have_a_word_of_the_question_others_from_all_over_are_searched_too():
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter())
    long = article("long", 200)
    collection.add([long])
    found = collection.retrieve("Wieviel longfact7?", top_k=8, whole=0)
    assert [p.rank for p in found] == list(range(1, 9))
    assert found[0].lexical_rank == 1
    places = sorted(long.text.index(text.split("\n", 1)[1]) for text in embedder.passages)
    assert len(places) == 10 and places[-1] > 0.9 * len(long.text)
    collection.retrieve("Wieviel longfact90?", top_k=8, whole=0)
    assert len(embedder.passages) <= 13, "for all questions the same"
