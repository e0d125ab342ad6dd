"""What is learned: every question with a context to read, answered there or not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InputError
from index.progress import progress
from index.sentences import sentence_spans
from qa.squad import read_squad
from qa.training.merging import merged, shifted, with_neighbour
from qa.training.negatives import Lookalikes, names, swapped
from qa.training.split import apart_from, trained_on
from qa.training.squad import Question, load_titles

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from qa.training.settings import Settings
    from qa.training.squad import Paragraph, Span, Title

LETTERS = 5  # of a token and the space after it, about
FEWEST_QUESTIONS = 10  # with fewer there is nothing to generalise from


@dataclass(frozen=True, slots=True)
class Example:
    """A question and what is read; no spans means that the context does not say."""

    question: str
    context: str
    spans: tuple[Span, ...]


def load_examples(files: Sequence[Path], settings: Settings, rng: random.Random) -> list[Example]:
    """Make the examples of SQuAD files, without the titles kept for calibration and the texts to be evaluated on.

    Raises:
        InputError: A file cannot be read, or too little is left.
        ModelError: scikit-learn is missing.
    """
    titles = [title for file in files for title in load_titles(file)]
    kept = trained_on(titles)
    aside, apart = len(titles) - len(kept), ""
    if settings.evaluate:
        reported = read_squad(Path(settings.evaluate))
        kept = apart_from((paragraph.context for title in reported for paragraph in title.paragraphs), kept)
        apart = f" and the texts of {settings.evaluate} were left out"
    asked = sum(len(paragraph.questions) for title in kept for paragraph in title.paragraphs)
    if asked < FEWEST_QUESTIONS:
        raise InputError(
            f"{asked} questions are left after {aside} of {len(titles)} titles were set aside for calibration{apart}:"
            f" training takes {FEWEST_QUESTIONS} or more, so give more titles."
        )
    return [
        example
        for title in progress(kept, "Making examples", len(kept))
        for example in title_examples(merged(title, rng), settings, rng)
    ]


def title_examples(title: Title, settings: Settings, rng: random.Random) -> Iterator[Example]:
    """Yield the examples of a title."""
    contexts = [paragraph.context for paragraph in title.paragraphs]
    lookalikes = Lookalikes(title) if settings.negatives else None
    pool = _names(title.paragraphs) if settings.swap else (set(), set())
    row = -1
    for at, paragraph in enumerate(title.paragraphs):
        for question in paragraph.questions:
            row += 1
            context, begin = with_neighbour(contexts, at, rng) if rng.random() < settings.join else (contexts[at], 0)
            asked = shifted(question, begin)
            if settings.crop:
                context, begin = cropped(asked, context, settings.crop * LETTERS, rng)
                asked = shifted(asked, -begin)
            yield Example(question.text, context, asked.spans)
            if not question.spans:
                continue
            if rng.random() < settings.swap and (other := swapped(question.text, context, pool, rng)):
                yield Example(other, context, ())
            if lookalikes and rng.random() < settings.negatives:
                answers = _answers(question, paragraph)
                if foreign := lookalikes.draw(row, at, answers, rng):
                    yield Example(question.text, foreign, ())


def cropped(question: Question, context: str, letters: int, rng: random.Random) -> tuple[str, int]:
    """Return about so many letters of a text, in whole sentences, and where they begin in it.

    The sentences with the answers are among them at a random place; without an answer, the one most like the question.
    """
    sentences = sentence_spans(context)
    if len(context) <= letters or len(sentences) < 2:
        return context, 0
    if question.spans:
        begin, end = min(span.start for span in question.spans), max(span.end for span in question.spans)
        kept = [at for at, (first, last) in enumerate(sentences) if first < end and begin < last]
    else:
        asked = _words(question.text)
        kept = [max(range(len(sentences)), key=lambda at: len(asked & _words(context[slice(*sentences[at])])))]
    first, last = (kept[0], kept[-1]) if kept else (0, 0)
    while True:
        free = [at for at in (first - 1, last + 1) if 0 <= at < len(sentences)]
        if not free:
            break
        at = rng.choice(free)
        if sentences[max(last, at)][1] - sentences[min(first, at)][0] > letters:
            break
        first, last = min(first, at), max(last, at)
    return context[sentences[first][0] : sentences[last][1]], sentences[first][0]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _answers(question: Question, paragraph: Paragraph) -> list[str]:
    return [paragraph.context[span.start : span.end] for span in question.spans]


def _names(paragraphs: Sequence[Paragraph]) -> tuple[set[str], set[str]]:
    found = [names(paragraph.context) for paragraph in paragraphs]
    return set().union(*(name for name, _ in found)), set().union(*(number for _, number in found))
