"""Where a visitor says whether an answer is right, as HTML, and reads what was said."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import qa
from qa import Article, Span
from ui.turn import ABSENT, HERE, RIGHT, WRONG, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_CHARS = 400
_SELECT = "Select the words of the answer in the article, then press “The answer is here”."
_NOT_ASKED = "The selected words are in an article that this question was not asked of: select some in one that was."
_UNPLACED = "The selected words could not be found in the article: select them again."


@dataclass(frozen=True, slots=True)
class Selection:
    """What the browser says is selected in the article pane: ``[start, end)`` in code points, and the words there."""

    article_id: str
    start: int
    end: int
    words: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Selection | None:
        """Return the selection in the data of a click, or None if there is none."""
        start, end = data.get("start"), data.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            return None
        return cls(str(data.get("article", "")), start, end, str(data.get("words", "")))

    def span(self, asked: Iterable[Article]) -> Span:
        """Return the place, without white space at its ends, in one of the articles that were asked.

        Raises:
            UsageError: It is in another article, or does not have those words, or they are too many or none.
        """
        article = next((article for article in asked if article.id == self.article_id), None)
        if article is None:
            raise qa.UsageError(_NOT_ASKED)
        text = article.text[self.start : self.end] if 0 <= self.start < self.end else ""
        if "".join(text.split()) != "".join(self.words.split()):
            raise qa.UsageError(_UNPLACED)
        if not text.strip():
            raise qa.UsageError(_SELECT)
        if len(text) > MAX_CHARS:
            raise qa.UsageError(f"An answer is a few words: {len(text):,} characters are selected, of {MAX_CHARS}.")
        start = self.start + len(text) - len(text.lstrip())
        return Span.quoting(article, start, self.start + len(text.rstrip()))


def nothing_selected() -> qa.UsageError:
    """Return the error that says what to select."""
    return qa.UsageError(_SELECT)


def controls(turn: Turn, number: int) -> str:
    """Return the buttons by which a visitor judges an answer, and what they did."""
    if turn.answer is None:
        return ""
    kind = turn.verdict.kind if turn.verdict else ""
    buttons = [_button(number, RIGHT, "Right", kind), _button(number, WRONG, "Wrong", kind)]
    buttons.append(_button(number, HERE, "The answer is here", kind, _SELECT))
    if turn.answer.answered and kind in (WRONG, ABSENT):
        buttons.append(_button(number, ABSENT, "Not in the text", kind))
    group = f'<p class="verdicts" role="group" aria-label="Is this answer right?">{"".join(buttons)}</p>'
    return f'<div class="feedback">{group}{_said(turn)}</div>'


def _button(number: int, kind: str, words: str, chosen: str, hint: str = "") -> str:
    pressed = "true" if kind == chosen else "false"
    title = f' title="{escape(hint)}"' if hint else ""
    return (
        f'<button type="button" data-judge="{kind}" data-of="{number}" aria-pressed="{pressed}"{title}>{words}</button>'
    )


def _said(turn: Turn) -> str:
    verdict = turn.verdict
    if verdict is None:
        return ""
    if verdict.kind == WRONG:
        absent = " If the text does not say, press “Not in the text”." if turn.answer and turn.answer.answered else ""
        return f'<p class="hint">{_SELECT}{absent}</p>'
    if not verdict.gold:
        return ""
    if verdict.span is not None:
        return f'<p class="hint" dir="auto">Kept: the answer is “{escape(verdict.span.text)}”.</p>'
    says = "the text does not say" if verdict.kind == ABSENT or not (turn.answer and turn.answer.answered) else "right"
    return f'<p class="hint">Kept: {says}.</p>'
