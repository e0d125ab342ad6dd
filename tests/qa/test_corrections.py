"""Corrections are SQuAD v2 with exact positions."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import load_squad
from qa import Article, Span
from qa.corrections import Correction, to_squad

ARTICLE = Article.of("🦪 Ann won €5 in Oslo.\r\nNobody said why.", "The_prize")
OTHER = Article.of("Plums grow in Visby.", "Plums")
CORRECTIONS = (
    Correction("Who won?", ARTICLE, Span.quoting(ARTICLE, 2, 5)),
    Correction("Why?", ARTICLE, None),
    Correction("What grows?", OTHER, Span.quoting(OTHER, 0, 5)),
)


def test_the_file_is_read_by_the_evaluation(tmp_path: Path) -> None:
    (tmp_path / "corrections.json").write_text(json.dumps(to_squad(CORRECTIONS)))
    pairs = load_squad(tmp_path / "corrections.json").pairs
    assert [(article.text, example.question, example.answers, example.starts) for article, example in pairs] == [
        (ARTICLE.text, "Who won?", ("Ann",), (2,)),
        (ARTICLE.text, "Why?", (), ()),
        (OTHER.text, "What grows?", ("Plums",), (0,)),
    ]
    assert len({example.id for _, example in pairs}) == 3


def test_of_two_about_one_question_the_last_counts() -> None:
    later = Correction("Who won?", ARTICLE, None)
    [entry] = to_squad([CORRECTIONS[0], later])["data"]
    assert entry["paragraphs"][0]["qas"][0]["is_impossible"] is True
    assert len(entry["paragraphs"][0]["qas"]) == 1


@given(st.text(min_size=1).filter(str.strip), st.data())
def test_positions_are_exact(text: str, data: st.DataObject) -> None:
    article = Article.of(text.encode("utf-8", "replace").decode())
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    correction = Correction("Q?", article, Span.quoting(article, start, end))
    [entry] = json.loads(json.dumps(to_squad([correction])))["data"]
    [paragraph] = entry["paragraphs"]
    [answer] = paragraph["qas"][0]["answers"]
    assert paragraph["context"] == article.text
    assert answer == {"text": article.text[start:end], "answer_start": start}


def test_a_correction_that_does_not_quote_its_article_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="quote"):
        Correction("Who?", OTHER, Span.quoting(ARTICLE, 2, 5))
