"""A collection: its articles, what is found in them, and what others do to it meanwhile."""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import HashEmbedder, article, reopened, reopened_after_adding, toy_splitter, unusable_embedder

from index.article import Article, Passage
from index.collection import Collection
from index.embedder import Embedder
from index.errors import ModelError, UsageError
from index.retriever import HybridRetriever
from index.storage import Storage


def test_articles_are_kept_in_order_and_once(collection: Collection):
    a, b, c = map(article, "abc")
    assert collection.add([b, a, b]) == [True, True, False]
    assert collection.add([a, c]) == [False, True]
    assert collection.add([]) == []
    assert collection.articles == (b, a, c)
    assert collection.get(a.id) == a
    assert collection.chunks(a.id) == tuple(toy_splitter().split(a))
    collection.remove([b.id])
    collection.add([b])
    assert collection.articles == (a, c, b)


def test_what_is_not_there_is_a_usage_error_and_changes_nothing(collection: Collection):
    a, b = map(article, "ab")
    collection.add([a, b])
    for attempt in (
        lambda: collection.get("nope"),
        lambda: collection.chunks("nope"),
        lambda: collection.remove([a.id, "nope"]),
        lambda: collection.rename("nope", "Title"),
        lambda: collection.retrieve("q", ["nope"]),
    ):
        with pytest.raises(UsageError, match="nope"):
            attempt()
    with pytest.raises(UsageError, match="empty title"):
        collection.rename(a.id, "  ")
    with pytest.raises(UsageError, match="top_k"):
        collection.retrieve("q", top_k=0)
    assert collection.articles == (a, b)


def test_short_articles_are_read_whole_without_any_model():
    collection = Collection(unusable_embedder, toy_splitter())
    a, b = article("a", 30), article("b")
    collection.add([a, b])
    chunks = [*collection.chunks(b.id), *collection.chunks(a.id)]
    assert len(chunks) > 8
    expected = [Passage(chunk, rank) for rank, chunk in enumerate(chunks, 1)]
    assert collection.retrieve("q", [b.id, a.id, b.id], whole=len(chunks)) == expected
    assert collection.retrieve_many(["q", "r"], whole=24)[1][0].chunk == collection.chunks(a.id)[0]
    assert collection.retrieve("q", []) == []
    assert Collection(unusable_embedder, toy_splitter()).retrieve("q") == []
    with pytest.raises(AssertionError, match="without need"):
        collection.retrieve("q", whole=len(chunks) - 1)


def test_what_neither_is_an_embedder_nor_loads_one_is_refused():
    with pytest.raises(ModelError, match="type object is no embedder"):
        Collection(object(), toy_splitter())
    collection = Collection(object, toy_splitter())
    collection.add([article("a")])
    with pytest.raises(ModelError, match="type object is no embedder"):
        collection.retrieve("q", whole=0)


def test_the_right_passage_is_found(collection: Collection):
    a, b = article("a", 40), article("b", 40)
    collection.add([a, b])
    passages = collection.retrieve("What does bfact17 cost?", top_k=3, whole=0)
    assert [p.rank for p in passages] == [1, 2, 3]
    best = passages[0].chunk
    assert "bprice17" in b.text[best.start : best.end]
    assert best.article_id == b.id
    only = collection.retrieve("What does bfact17 cost?", [a.id], top_k=3, whole=0)
    assert {p.chunk.article_id for p in only} == {a.id}
    assert len(only) == 3


def test_many_questions_are_embedded_in_one_call():
    embedder = HashEmbedder()
    collection = Collection(embedder, toy_splitter())
    collection.add([article("a", 40)])
    questions = ["What does afact3 cost?", "What does afact30 cost?"]
    many = collection.retrieve_many(questions, whole=0)
    assert embedder.queries == [questions]
    assert many == [collection.retrieve(q, whole=0) for q in questions]
    assert collection.retrieve_many([], whole=0) == []


def test_passages_and_their_articles_are_of_one_moment(collection: Collection):
    a, b = article("a", 40), article("b", 40)
    collection.add([a, b])
    found, held = collection.retrieve_with_articles(["What does bfact17 cost?", "afact3"], [b.id], top_k=3, whole=0)
    assert found == collection.retrieve_many(["What does bfact17 cost?", "afact3"], [b.id], top_k=3, whole=0)
    assert held == {b.id: b}
    _, both = collection.retrieve_with_articles(["q"], whole=1000)
    assert both == {a.id: a, b.id: b}
    assert collection.retrieve_with_articles(["q"], []) == ([[]], {})


class RemovingEmbedder(HashEmbedder):
    """Has another process remove an article just when the passages are being looked for."""

    def __init__(self, remove: Callable[[], None]) -> None:
        super().__init__()
        self.remove = remove

    def encode_queries(self, texts):
        self.remove()
        return super().encode_queries(texts)


def test_an_article_that_is_removed_while_it_is_searched_can_still_be_quoted(tmp_path: Path):
    a, b = article("a", 40), article("b", 40)
    reopened_after_adding(tmp_path, a, b).close()
    with closing(reopened(tmp_path)) as theirs:
        mine = reopened(tmp_path, RemovingEmbedder(lambda: theirs.remove([a.id])))
        found, held = mine.retrieve_with_articles(["What does afact3 cost?"], whole=0)
        best = found[0][0].chunk
        assert "aprice3" in held[best.article_id].text[best.start : best.end]
        assert mine.articles == (b,)


class EmptyHandedRetriever(HybridRetriever):
    """Counts nothing as its length, as containers do that hold nothing yet."""

    def __len__(self) -> int:
        return 0


def test_a_retriever_may_be_false(collection: Collection, tmp_path: Path):
    storage = Storage.open(tmp_path / "other")
    made: list[EmptyHandedRetriever] = []

    def make(embedder: Embedder) -> EmptyHandedRetriever:
        made.append(EmptyHandedRetriever(embedder))
        return made[-1]

    for other in (Collection(HashEmbedder(), toy_splitter(), s, make) for s in (None, storage)):
        for kept in (collection, other):
            kept.add([article("a", 40)])
        for question in ("What does afact3 cost?", "What does afact30 cost?"):
            assert other.retrieve(question, whole=0) == collection.retrieve(question, whole=0)
        other.remove([article("a", 40).id])
        assert other.retrieve("afact3", whole=0) == []
    assert len(made) == 2


def test_the_title_is_part_of_what_is_searched(collection: Collection):
    articles = [Article.of(" ".join([f"Nothing said here about it, {i}."] * 8), f"T{i}") for i in range(6)]
    collection.add(articles)
    collection.retrieve("Zanzibar", whole=0)
    collection.rename(articles[3].id, "Zanzibar")
    assert [a.title for a in collection.articles] == ["T0", "T1", "T2", "Zanzibar", "T4", "T5"]
    passage = collection.retrieve("Zanzibar", whole=0)[0]
    assert passage.chunk.article_id == articles[3].id
    assert passage.lexical_rank == passage.dense_rank == 1
    assert passage.dense_score is not None and passage.dense_score > 0.2


def test_what_another_process_does_is_seen_at_once(tmp_path: Path):
    mine = Collection(HashEmbedder(), toy_splitter(), Storage.open(tmp_path))
    theirs = Collection(HashEmbedder(), toy_splitter(), Storage.open(tmp_path))
    a, b, c = map(article, "abc")
    theirs.add([a, b])
    assert mine.articles == (a, b)
    assert mine.add([b, c]) == [False, True]
    mine.retrieve("What does bfact3 cost?", whole=0)
    theirs.rename(b.id, "Renamed")
    theirs.remove([a.id])
    assert [x.title for x in mine.articles] == ["Renamed", "C"]
    assert mine.retrieve("afact3", whole=0) == theirs.retrieve("afact3", whole=0)
    assert {p.chunk.article_id for p in mine.retrieve("afact3", whole=0)} == {b.id, c.id}
    with pytest.raises(UsageError):
        mine.get(a.id)


def test_a_library_keeps_its_chunk_size(tmp_path: Path):
    a, b = article("a"), article("b")
    reopened_after_adding(tmp_path, a).close()
    other = Collection(HashEmbedder(), toy_splitter(60, 0), Storage.open(tmp_path))
    other.add([b])
    assert other.chunks(b.id) == tuple(toy_splitter().split(b))


_steps = st.lists(st.tuples(st.sampled_from(["add", "remove", "rename", "ask"]), st.integers(0, 5)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(_steps)
def test_whatever_was_done_before_the_passages_are_those_of_a_fresh_collection(steps: list[tuple[str, int]]):
    names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    collection = Collection(HashEmbedder(), toy_splitter())
    expected: dict[str, Article] = {}
    for step, number in steps:
        a = article(names[number], 4)
        if step == "add":
            assert collection.add([a]) == [a.id not in expected]
            expected.setdefault(a.id, a)
        elif step == "ask":
            collection.retrieve(names[number], list(expected)[:1], whole=0)
        elif a.id in expected and step == "remove":
            collection.remove([a.id])
            del expected[a.id]
        elif a.id in expected:
            title = f"Title {len(expected[a.id].title)}"
            collection.rename(a.id, title)
            expected[a.id] = Article.of(a.text, title)
    assert collection.articles == tuple(expected.values())
    fresh = Collection(HashEmbedder(), toy_splitter())
    fresh.add(list(expected.values()))
    questions = [f"What does {name}fact2 cost?" for name in names]
    found = collection.retrieve_many(questions, top_k=3, whole=0)
    for mine, theirs in zip(found, fresh.retrieve_many(questions, top_k=3, whole=0), strict=True):
        assert [p.chunk for p in mine[:1]] == [p.chunk for p in theirs[:1]]
        np.testing.assert_allclose([p.score for p in mine], [p.score for p in theirs], rtol=1e-5)


def test_threads_may_use_it_at_once(collection: Collection):
    names = [f"n{i}x" for i in range(24)]
    failures: list[BaseException] = []

    def work(part: list[str]) -> None:
        try:
            for name in part:
                a = article(name)
                assert collection.add([a]) == [True]
                found = [p.chunk for p in collection.retrieve(f"What does {name}fact5 cost?", whole=0)]
                assert any(f"{name}price5" in a.text[c.start : c.end] for c in found if c.article_id == a.id)
                if int(name[1:-1]) % 2:
                    collection.remove([a.id])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(names[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {a.id for a in collection.articles} == {article(name).id for name in names[::2]}
