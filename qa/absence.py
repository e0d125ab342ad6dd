"""Why a text does not answer: what the question asks about is not in it, or it is and the fact is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.lexical import INITIALS, bare_tokens, lexical_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD = re.compile(INITIALS + r"|[$€£¥]?[^\W_](?:[^\W_]|[-'’.,](?=[^\W_]))*%?")


@dataclass(frozen=True, slots=True)
class Absence:
    """What of a question its articles speak of; words as they stand in the question.

    Attributes:
        named: Names and numbers that appear nowhere.
        missing: Other words that appear nowhere.
        present: Words that appear.
    """

    named: tuple[str, ...]
    missing: tuple[str, ...]
    present: tuple[str, ...]

    @property
    def topic_absent(self) -> bool:
        """Whether what the question is about is not spoken of: a name of it is missing, or every word is."""
        return bool(self.named) or (bool(self.missing) and not self.present)


def absence(question: str, texts: Iterable[str]) -> Absence:
    """Return which words of a question texts speak of; case, accents, plural endings and units do not count."""
    words = [(match[0], match.start()) for match in _WORD.finditer(question)]
    wanted = {word: set(bare_tokens(word)) for word, _ in words}
    unseen = set().union(*wanted.values())
    for text in texts:
        if not unseen:
            break
        unseen.difference_update(lexical_tokens(text))
    named, missing, present = dict[str, None](), dict[str, None](), dict[str, None]()
    for word, start in words:
        if not wanted[word]:
            continue
        name = word[0].isdigit() or (start > 0 and word[0].isupper())
        place = present if not wanted[word] & unseen else named if name else missing
        place[word] = None
    return Absence(tuple(named), tuple(missing), tuple(present))
