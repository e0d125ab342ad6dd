"""Corrections are SQuAD v2 with exact positions."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.datasets import load_squad
from qa import Article, InputError, Span
from qa.corrections import Correction, from_squad, load, save, to_squad

ARTICLE = Article.of("🦪 Ann won €5 in Oslo.\r\nNobody said why.", "The_prize")
OTHER = Article.of("Plums grow in Visby.", "Plums")
CORRECTIONS = (
    Correction("Who won?", ARTICLE, Span.quoting(ARTICLE, 2, 5)),
    Correction("Why?", ARTICLE, None),
    Correction("What grows?", OTHER, Span.quoting(OTHER, 0, 5)),
)


def test_the_file_is_read_by_the_evaluation(tmp_path: Path) -> None:
    save(CORRECTIONS, tmp_path / "corrections.json")
    pairs = load_squad(tmp_path / "corrections.json").pairs
    assert [(article.text, example.question, example.answers, example.starts) for article, example in pairs] == [
        (ARTICLE.text, "Who won?", ("Ann",), (2,)),
        (ARTICLE.text, "Why?", (), ()),
        (OTHER.text, "What grows?", ("Plums",), (0,)),
    ]
    assert len({example.id for _, example in pairs}) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["corrections.json"]


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(CORRECTIONS, tmp_path / "corrections.json")
    assert load(tmp_path / "corrections.json") == CORRECTIONS


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
    assert from_squad(json.loads(json.dumps(to_squad([correction])))) == (correction,)


def test_a_correction_that_does_not_quote_its_article_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="quote"):
        Correction("Who?", OTHER, Span.quoting(ARTICLE, 2, 5))


@pytest.mark.parametrize("content", ["{}", "[]", "no", '{"data": [{"paragraphs": [{"context": "x", "qas": [{}]}]}]}'])
def test_another_file_is_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "file.json").write_text(content)
    with pytest.raises(InputError) as caught:
        load(tmp_path / "file.json")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "none.json")


def test_an_answer_that_is_not_where_it_says_is_refused() -> None:
    data = to_squad(CORRECTIONS[:1])
    data["data"][0]["paragraphs"][0]["qas"][0]["answers"][0]["answer_start"] = 3
    with pytest.raises(InputError):
        from_squad(data)
