"""Longer contexts: sentences of one title put together, and neighbouring paragraphs read as one."""

from __future__ import annotations

import statistics
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.training.squad import Paragraph, Span, Title

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from qa.training.squad import Question

SENTENCE = 240  # a title whose median paragraph is shorter, in characters, holds sentences rather than paragraphs
SENTENCES = 6  # that are put together into one context
QUESTIONS = 8  # the most that are kept of each such sentence: files of this kind ask dozens of every one
LONGEST = 1700  # of two paragraphs read as one, in characters: about what a window of 384 tokens holds
BEFORE = 0.65  # share of neighbours that come before the paragraph, where pronouns have what they refer to


def merged(title: Title, rng: random.Random) -> Title:
    """Return a title of one-sentence paragraphs with its sentences put together; any other comes back as it is."""
    lengths = [len(paragraph.context) for paragraph in title.paragraphs]
    if len(lengths) < 2 or statistics.median(lengths) >= SENTENCE:
        return title
    groups = (title.paragraphs[at : at + SENTENCES] for at in range(0, len(lengths), SENTENCES))
    return replace(title, paragraphs=tuple(_together(group, rng) for group in groups))


def _together(sentences: Sequence[Paragraph], rng: random.Random) -> Paragraph:
    context, questions = "", []
    for sentence in sentences:
        context += " " if context else ""
        kept = rng.sample(sentence.questions, min(QUESTIONS, len(sentence.questions)))
        questions += [shifted(question, len(context)) for question in kept]
        context += sentence.context
    return Paragraph(context, tuple(questions))


def with_neighbour(contexts: Sequence[str], at: int, rng: random.Random) -> tuple[str, int]:
    """Return a paragraph together with the one before or after it, and where it then begins.

    Where there is no neighbour, or both would be longer than ``LONGEST``, the paragraph stays alone.
    """
    before = contexts[at - 1] + "\n\n" if at and rng.random() < BEFORE else ""
    after = "\n\n" + contexts[at + 1] if not before and at + 1 < len(contexts) else ""
    both = before + contexts[at] + after
    return (both, len(before)) if len(both) <= LONGEST else (contexts[at], 0)


def shifted(question: Question, by: int) -> Question:
    """Return a question whose answers lie so many code points further on."""
    return replace(question, spans=tuple(Span(s.start + by, s.end + by, s.votes) for s in question.spans))
