"""Questions that their context does not answer, made from ones that are answered elsewhere in the same title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qa.training.squad import Title

FEWEST = 4  # paragraphs of a title that is worth searching
CLOSEST = 8  # paragraphs looked at for one without the answer
CHOICE = 4  # of these, the closest among which one is drawn
LONGEST_NAME = 3  # words of a name that may take the place of another
_NAME = re.compile(r"\b(?:\d[\d,.]*\d|\d|[A-Z][a-z]+(?: [A-Z][a-z]+)*)\b")
_SENTENCE_ENDS = (". ", "? ", "! ")


class Lookalikes:
    """Finds, for each question of a title, paragraphs that are like it and do not hold its answer.

    Args:
        title: The questions and the paragraphs.

    Raises:
        ModelError: scikit-learn is missing.
    """

    def __init__(self, title: Title) -> None:
        self._words = [f" {_plain(paragraph.context)} " for paragraph in title.paragraphs]
        self._likeness = _likeness(title) if len(title.paragraphs) >= FEWEST else None
        self._contexts = [paragraph.context for paragraph in title.paragraphs]

    def draw(self, row: int, own: int, answers: Sequence[str], rng: random.Random) -> str | None:
        """Return such a paragraph, or None if there is none.

        Args:
            row: Number of the question among all of the title.
            own: Number of the paragraph that it was asked about.
            answers: Texts that the paragraph must not contain, whatever their case and punctuation.
            rng: Draws among the closest.
        """
        if self._likeness is None:
            return None
        golds = [plain for answer in answers if (plain := _plain(answer))]
        nearest = [at for at in (-self._likeness[row]).argsort(kind="stable")[: CLOSEST + 1] if at != own]
        free = [at for at in nearest if not any(gold in self._words[at] for gold in golds)]
        return self._contexts[rng.choice(free[:CHOICE])] if free else None


def _likeness(title: Title) -> NDArray[np.float64] | None:
    """Return the TF-IDF cosine of every question with every paragraph, (questions, paragraphs)."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
    except ImportError:
        raise ModelError("Training takes scikit-learn: pip install 'article-qa[train]'.") from None
    asked = [question.text for paragraph in title.paragraphs for question in paragraph.questions]
    if not asked:
        return None
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    try:
        table = vectorizer.fit_transform([paragraph.context for paragraph in title.paragraphs])
    except ValueError:  # nothing but stop words
        return None
    likeness: NDArray[np.float64] = (vectorizer.transform(asked) @ table.T).toarray()
    return likeness


def names(text: str) -> tuple[set[str], set[str]]:
    """Return the capitalised names of a text, those that begin a sentence left out, and its numbers."""
    found = {
        match.group()
        for match in _NAME.finditer(text)
        if match.start() and text[max(0, match.start() - 2) : match.start()] not in _SENTENCE_ENDS
    }
    numbers = {name for name in found if name[0].isdigit()}
    return found - numbers, numbers


def swapped(question: str, context: str, pool: tuple[set[str], set[str]], rng: random.Random) -> str | None:
    """Return the question with one of its names or numbers replaced by one that the context lacks.

    The context then holds the fact that was asked for, of something else. None where nothing can be replaced.

    Args:
        question: Answered by the context.
        context: What is read.
        pool: Names and numbers of the whole title.
        rng: Draws what is replaced by what.
    """
    for own, others in zip(names(question), pool, strict=True):
        known = sorted(name for name in own if name in context)
        strange = sorted(name for name in others if name not in context and len(name.split()) <= LONGEST_NAME)
        if known and strange:
            old = rng.choice(known)
            alike = [name for name in strange if len(name.split()) == len(old.split())]
            new = rng.choice(alike or strange)
            # whole words only: the 5 of 1975 is not the number 5
            return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, question)
    return None


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()
