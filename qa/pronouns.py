"""Words that stand for something said elsewhere, and so answer nothing by themselves."""

from __future__ import annotations

_WORDS = (
    "you", "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "his", "hers", "its", "their", "theirs",
    "this", "that", "these", "those", "who", "which",
)  # fmt: skip
# not in capitals: "US" is a country, "IT" a trade
_FORMS = frozenset(form for word in ("I", *_WORDS) for form in (word, word.capitalize()))


def is_pronoun(text: str) -> bool:
    """Return whether a text is nothing but a pronoun."""
    return text.strip() in _FORMS
