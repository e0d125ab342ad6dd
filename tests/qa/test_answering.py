"""Which of several passages an answer comes from."""

from __future__ import annotations

import pytest
from models import KeywordReader

from index.article import Article, Chunk, Passage
from qa import answering
from qa.decoder import Candidate
from qa.windows import Context

ARTICLE = Article.of("Ann slept here. Bob paid there.", "Two")
CHUNKS = Chunk(ARTICLE.id, 0, 15), Chunk(ARTICLE.id, 16, 31)


def read(scores: dict[str, float], passages: list[Passage]) -> answering.Reading:
    reader = KeywordReader(scores)
    contexts = [Context(ARTICLE.text[p.chunk.start : p.chunk.end], p.chunk.start) for p in passages]
    windows = reader.windows("who?", contexts)
    return answering.read("who?", {ARTICLE.id: ARTICLE}, passages, windows, reader.logits(windows))


@pytest.mark.parametrize(("bob", "best"), [(2.4, "Ann"), (2.6, "Bob")])  # 2 ** 1.5 is a logit of 1.04
def test_of_passages_that_were_found_the_first_are_likelier(bob, best):
    found = [Passage(CHUNKS[0], 1, 0.9), Passage(CHUNKS[1], 2, 0.8)]
    reading = read({"Ann": 2.0, "Bob": bob}, found)
    assert reading.best == best
    assert {reading.span(c).text: c.margin for c in reading.candidates if c.margin > 0} == pytest.approx(
        {"Ann": 4.0, "Bob": 2 * bob}
    ), "the margin is the reader's alone"


def test_where_all_is_read_the_order_says_nothing():
    whole = [Passage(CHUNKS[0], 1), Passage(CHUNKS[1], 2)]
    assert read({"Ann": 2.0, "Bob": 2.1}, whole).best == "Bob"


def test_the_gap_to_the_runner_up_is_that_of_belief():
    found = [Passage(CHUNKS[0], 1, 0.9), Passage(CHUNKS[1], 2, 0.8)]
    assert read({"Ann": 2.0, "Bob": 2.4}, found).features().gap == pytest.approx(4.0 - (4.8 - 1.04), abs=0.01)


def test_no_alternative_overlaps_a_place_of_the_answer():
    article = Article.of("Ann Lind came. Later the mayor Ann Lind left. Bob stayed.")
    places = [(0, 8, 9.0), (31, 39, 7.0), (25, 39, 5.0), (46, 49, 3.0)]  # the last but one is "mayor Ann Lind"
    candidates = [Candidate(article.id, start, end, margin, margin, -0.1, 0) for start, end, margin in places]
    passage = Passage(Chunk(article.id, 0, len(article.text)), 1)
    ranked = answering._ranked(candidates, {article.id: article})
    answer = answering.decide(answering.Reading("who?", {article.id: article}, (passage,), 1, *ranked), "eager", None)
    assert [(m.start, m.end) for m in answer.mentions] == [(0, 8), (31, 39)]
    assert [other.span.text for other in answer.alternatives] == ["Bob"]
