import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from index.lexical import K1, B, LexicalIndex, lexical_tokens


class LuceneBM25(BM25Okapi):
    """rank-bm25 with the idf of Lucene; its score keeps the factor k1 + 1, which Lucene drops."""

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.idf = {w: np.log(1 + (self.corpus_size - n + 0.5) / (n + 0.5)) for w, n in nd.items()}


_words = st.sampled_from([f"q{c}" for c in "abcdefghijkl"])  # no stop word, no plural
_documents = st.lists(st.lists(_words, min_size=1, max_size=25), min_size=1, max_size=20)


@settings(max_examples=100, deadline=None)
@given(_documents, st.lists(_words, min_size=1, max_size=6), st.data())
def test_scores_and_ranking_equal_rank_bm25(documents: list[list[str]], question: list[str], data: st.DataObject):
    index = LexicalIndex()
    ids = [7 * i + 3 for i in range(len(documents))]
    index.add(ids, [" ".join(words) for words in documents])
    removed = data.draw(st.sets(st.sampled_from(ids), max_size=len(ids) - 1))
    index.search("qa", 1)  # so that the removal has something to make stale
    index.remove(list(removed))
    kept = [(i, words) for i, words in zip(ids, documents, strict=True) if i not in removed]

    reference = LuceneBM25([words for _, words in kept], k1=K1, b=B).get_scores(question) / (K1 + 1)
    expected = {i: score for (i, _), score in zip(kept, reference, strict=True) if score > 0}
    hits = index.search(" ".join(question), 100)
    assert {hit.id for hit in hits} == set(expected)
    for hit in hits:
        assert hit.score == pytest.approx(expected[hit.id], rel=1e-4)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)

    allowed = data.draw(st.sets(st.sampled_from(ids)))
    only = index.search(" ".join(question), 100, np.array(sorted(allowed), np.int64))
    assert only == [hit for hit in hits if hit.id in allowed], "the choice of chunks must not change scores"
    assert index.search(" ".join(question), 2) == hits[:2]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The council's $50 million budget", ["council", "$50", "50", "million", "budget"]),
        ("$50m and €1,200.5", ["$50m", "50", "€1200.5", "1200.5"]),
        ("12% on 3 March 2024", ["12%", "12", "3", "march", "2024"]),
        ("in the U.S. and the US", ["us", "us"]),
        ("the U.S, the U.S.A and V.I.P.s", ["us", "usa", "vip"]),
        ("Café Zürich’s nai\u0308ve cities", ["cafe", "zurich", "naive", "city"]),
        ("glass, bus, classes, boxes, COVID-19, B2B", ["glass", "bus", "classe", "boxe", "covid", "19", "b2b"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("Who is it?", []),
        ("שלום עולם", ["שלום", "עולם"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
    ],
)
def test_tokens(text: str, tokens: list[str]):
    assert lexical_tokens(text) == tokens


def test_amounts_are_found_however_they_are_written():
    index = LexicalIndex()
    index.add([1, 2], ["It cost $50 million.", "It took nine years."])
    for question in ("What cost 50 million?", "What cost $50?", "50m"):
        assert [hit.id for hit in index.search(question, 5)] == [1], question


def test_nothing_to_find_is_an_empty_list():
    index = LexicalIndex()
    assert index.search("word", 5) == []
    index.add([1, 2], ["", "the of"])
    assert index.search("word", 5) == []
    assert index.search("the", 5) == []
    index.add([3], ["word"])
    assert [hit.id for hit in index.search("word", 5)] == [3]
    assert index.search("word", 5, np.array([1, 2])) == []
    index.remove([1, 2, 3])
    assert index.search("word", 5) == []


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]):
    index = LexicalIndex()
    index.add(range(100), [f"word number {i}" for i in range(100)])
    assert index.search("number 7", 3)
    assert capfd.readouterr() == ("", "")
