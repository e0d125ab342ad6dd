"""The questions that confidence is fitted to: asked of whole articles, and half of them without an answer there.

They are asked as users ask them: of articles of a page or two, which are read whole, and of long ones, of which
passages are retrieved. Half are unanswerable, and most of these speak of the very article, for what is easy to decline
teaches nothing about what is not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.datasets import Dataset, Example
from eval.metrics import normalized
from qa import Article, InputError
from qa.squad import read_squad
from qa.training.negatives import names, swapped
from qa.training.split import held_out

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.squad import SquadParagraph, SquadQuestion, SquadTitle

PARAGRAPHS = 6  # of one title make a short article, of about 700 words; fewer where the title has not twice as many
FEWEST = 100  # questions to fit the confidence of a reader to
FOREIGN = 0.25  # questions about other parts of the title that are at hand, as a share of an article's own


@dataclass(frozen=True, slots=True)
class _Asked:
    """An article with the questions that could be asked of it."""

    article: Article
    answerable: tuple[Example, ...]
    unanswerable: tuple[Example, ...]


def calibration_set(files: Sequence[Path], limit: int, seed: int = 0, fewest: int = 1) -> Dataset:
    """Make an article-level set of the held-out titles of SQuAD-v2 files.

    Two thirds of the questions are asked of short articles (runs of paragraphs of one title), one third of whole
    titles. Titles of a single paragraph are passed over. Unanswerable are those that the file says to be, ones whose
    name or number was swapped for one that the article lacks, and ones about other parts of the title whose answer
    does not occur in the short article.

    Args:
        files: SQuAD-v2 files; titles that ``held_out`` does not choose are passed over.
        limit: The most questions to take of each file.
        seed: Of the choice.
        fewest: How many questions there must be; what is fitted to fewer than ``FEWEST`` means little.

    Returns:
        The set; ``skipped`` are the names of the files that gave no question.

    Raises:
        InputError: A file cannot be read, none has a title that is held out, or there are too few questions.
    """
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    items: list[tuple[Article, tuple[Example, ...]]] = []
    empty = []
    for file in files:
        titles = [title for title in read_squad(file) if held_out(title.name) and len(title.paragraphs) > 1]
        short = [asked for title in titles for asked in _short_articles(title, rng)]
        whole = [_asked(title, title.paragraphs, (), rng) for title in titles]
        chosen = _sample(short, limit - limit // 3, rng) + _sample(whole, limit // 3, rng)
        items += chosen
        empty += [] if chosen else [file.name]
    if not items:
        raise InputError(
            f"None of {len(files)} files has a title that is held out, of several paragraphs, and with questions that a"
            " part of it does not answer."
        )
    dataset = Dataset("calibration", tuple(items), tuple(empty))
    if len(dataset) < fewest:
        raise InputError(f"{len(dataset)} questions are about titles that are held out: calibration takes {fewest}.")
    return dataset


def _short_articles(title: SquadTitle, rng: random.Random) -> list[_Asked]:
    paragraphs = title.paragraphs
    size = min(PARAGRAPHS, -(-len(paragraphs) // 2))  # two at least, so that each has questions that it does not answer
    return [
        _asked(title, paragraphs[at : at + size], paragraphs[:at] + paragraphs[at + size :], rng)
        for at in range(0, len(paragraphs), size)
    ]


def _asked(
    title: SquadTitle, paragraphs: Sequence[SquadParagraph], elsewhere: Sequence[SquadParagraph], rng: random.Random
) -> _Asked:
    text = "\n\n".join(paragraph.context for paragraph in paragraphs)
    own = [question for paragraph in paragraphs for question in paragraph.questions]
    answerable = [question for question in own if question.answers]
    return _Asked(
        Article.of(text, title.name.replace("_", " ")),
        tuple(_example(question, tuple(answer.text for answer in question.answers)) for question in answerable),
        (
            *(_example(question) for question in own if not question.answers),
            *_swapped(answerable, text, title, rng),
            *_foreign(text, elsewhere, int(FOREIGN * len(own)), rng),
        ),
    )


def _swapped(questions: Sequence[SquadQuestion], text: str, title: SquadTitle, rng: random.Random) -> list[Example]:
    pool, numbers = zip(*(names(paragraph.context) for paragraph in title.paragraphs), strict=True)
    known = (set().union(*pool), set().union(*numbers))
    others = ((question, swapped(question.text, text, known, rng)) for question in questions)
    return [Example(question.id, other, (), ()) for question, other in others if other]


def _foreign(text: str, elsewhere: Sequence[SquadParagraph], most: int, rng: random.Random) -> list[Example]:
    words = f" {normalized(text)} "
    found = [
        question
        for paragraph in elsewhere
        for question in paragraph.questions
        if not any(f" {normalized(answer.text)} " in words for answer in question.answers)
    ]
    return [_example(question) for question in rng.sample(found, min(len(found), most))]


def _example(question: SquadQuestion, answers: tuple[str, ...] = ()) -> Example:
    return Example(question.id, question.text, answers, (None,) * len(answers))


def _sample(asked: Sequence[_Asked], limit: int, rng: random.Random) -> list[tuple[Article, tuple[Example, ...]]]:
    """Return at most ``limit`` questions, half of them unanswerable, spread over the articles."""
    answerable = [(at, example) for at, one in enumerate(asked) for example in one.answerable]
    unanswerable = [(at, example) for at, one in enumerate(asked) for example in one.unanswerable]
    half = min(limit // 2, len(unanswerable))
    chosen = rng.sample(unanswerable, half)
    chosen += rng.sample(answerable, min(half + limit % 2, len(answerable)))
    groups: dict[int, list[Example]] = {}
    for at, example in chosen:
        groups.setdefault(at, []).append(example)
    return [(asked[at].article, tuple(examples)) for at, examples in sorted(groups.items())]
