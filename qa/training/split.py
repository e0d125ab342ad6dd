"""Which texts are kept from training, so that confidence and reports are about what the reader has not seen."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.training.squad import Title

GRAM = 8  # words in a row: so many are hardly the same by chance
MOST = 0.3  # of these in a paragraph, the share that a text to report on may have too


def held_out(title: str) -> bool:
    """Return whether an article is kept from training for calibration: one title in sixteen, by its hash."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 16 == 0


def trained_on(titles: Sequence[Title]) -> list[Title]:
    """Return the titles that are not held out, under whatever spelling another file has them."""
    aside = {_plain(title.name) for title in titles if held_out(title.name)}
    return [title for title in titles if _plain(title.name) not in aside]


def apart_from(reported: Iterable[str], titles: Iterable[Title]) -> list[Title]:
    """Return titles without the paragraphs of which a good part stands in texts to report on, whatever their title."""
    known = {gram for text in reported for gram in _grams(text)}
    kept = (
        replace(title, paragraphs=tuple(p for p in title.paragraphs if _share(p.context, known) <= MOST))
        for title in titles
    )
    return [title for title in kept if title.paragraphs]


def _plain(title: str) -> str:
    return title.replace("_", " ").casefold()


def _share(text: str, known: set[tuple[str, ...]]) -> float:
    grams = _grams(text)
    return len(grams & known) / len(grams) if grams else 0.0


def _grams(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + GRAM]) for at in range(len(words) - GRAM + 1)}
