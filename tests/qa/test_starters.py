"""Starter questions read well, come from the article, and are offered only when the reader finds their answer."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import Answer, Article, Span
from qa.starters import candidates, starters

STORY = (
    "The new council will meet at Pier Hall on June 24. It was opened by Bo Ek in 1990. In May, the bakery in Visby was"
    " founded by Karin Holm in 1924. The ferry was delayed because the harbour froze; nobody minded.\n\n"
    "Ingrid Solheim, the marine biologist who led the study, was glad. “Nothing grows faster than this,” said Ingrid"
    " Solheim. Harrow Council approved a budget of $48.6 million. This won the prize. Work is to begin in March."
)


def made(text: str) -> dict[str, str]:
    return {s.question: text[s.start : s.end] for s in candidates(Article.of(text))}


def test_statements_become_questions() -> None:
    assert made(STORY) == {
        "When will the new council meet at Pier Hall?": "June 24",
        "Where will the new council meet?": "Pier Hall",
        "When was the bakery in Visby founded by Karin Holm?": "1924",
        "Who was the bakery in Visby founded by?": "Karin Holm",
        "Why was the ferry delayed?": "the harbour froze",
        "Who is Ingrid Solheim?": "the marine biologist who led the study",
        "Who said “Nothing grows faster than this”?": "Ingrid Solheim",
        "Who approved a budget of $48.6 million?": "Harrow Council",
    }


@pytest.mark.parametrize(
    "text",
    [
        "It was opened by Bo Ek in 1990.",
        "Hotel Regent, a seaside landmark torn down in 2021, was grey.",
        "This won the prize.",
        "The raids were its answer to the attacks in Paris.",
        f"The {'very ' * 30}old house was sold in 1990.",
    ],
)
def test_what_would_not_make_a_good_question(text: str) -> None:
    assert made(text) == {}


@given(st.lists(st.sampled_from([*STORY.split(" "), "🦪", "\r\n", "e\u0301", "\n\n"]), min_size=1).map(" ".join))
def test_places_lie_in_the_article(text: str) -> None:
    if not text.strip():
        return
    article = Article.of(text)
    for starter in candidates(article):
        assert Span.quoting(article, starter.start, starter.end).text.strip()
        assert starter.question.endswith("?")


@dataclass
class Oracle:
    """A library that answers each question with the words at its place, or as a test wants it."""

    article: Article
    wrong: str = ""
    confidence: float | None = 0.9

    def ask_many(self, questions: list[str], articles: Article, mode: str) -> list[Answer]:
        assert (articles, mode) == (self.article, "strict")
        found = {s.question: s for s in candidates(self.article)}
        return [self.answer(q, 0 if q == self.wrong else found[q].start) for q in questions]

    def answer(self, question: str, start: int) -> Answer:
        span = Span.quoting(self.article, start, start + 2)
        return Answer(question, True, span.text, span, self.confidence, span, mentions=(span,))


def test_different_kinds_come_first_and_their_number_is_bounded() -> None:
    article = Article.of(STORY)
    offered = starters(Oracle(article), article)  # type: ignore[arg-type]
    assert [question.split()[0] for question in offered] == ["When", "Where", "Who", "Why"]
    assert len(starters(Oracle(article), article, 20)) == 8  # type: ignore[arg-type]


def test_only_what_the_reader_surely_finds_in_its_place_is_offered() -> None:
    article = Article.of(STORY)
    every = starters(Oracle(article), article, 20)  # type: ignore[arg-type]
    assert starters(Oracle(article, wrong=every[1]), article, 20) == (every[0], *every[2:])  # type: ignore[arg-type]
    assert starters(Oracle(article, confidence=0.6), article) == ()  # type: ignore[arg-type]
    assert len(starters(Oracle(article, confidence=None), article)) == 4  # type: ignore[arg-type]
    blank = Article.of("Nothing here.")
    assert starters(Oracle(blank), blank) == ()  # type: ignore[arg-type]
