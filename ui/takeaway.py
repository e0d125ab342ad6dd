"""What a visitor can take away: the conversation as a web page, Markdown or JSON, and the corrections."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import qa
from qa.corrections import to_squad
from qa.transcript import Exchange, to_json, to_markdown
from ui.transcript_page import transcript_page

if TYPE_CHECKING:
    from ui.session import Session

_WAYS = (
    ("html", "Web page", "The conversation with its articles as one file that opens anywhere"),
    ("markdown", "Markdown", "The conversation as text with headings and quotes"),
    ("json", "JSON", "The answers and the articles, for programs"),
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file for the browser to save."""

    name: str
    kind: str
    text: str
    number: int  # the same file asked for again is another parcel

    def to_json(self) -> str:
        """Return what the page's script reads."""
        return json.dumps(asdict(self))


def parcel(session: Session, way: str, number: int) -> Parcel:
    """Make the file that was asked for.

    Raises:
        UsageError: There is nothing to put into it, or no such way.
    """
    with session.lock:
        turns = [turn for turn in session.turns if turn.answer is not None]
        judged = dict(session.judged)
    if way == "corrections":
        if not judged:
            raise qa.UsageError("There is nothing to save yet: say of an answer whether it is right first.")
        text = json.dumps(to_squad(list(judged.values())), ensure_ascii=False)
        session.saved = judged
        return Parcel("corrections.json", "application/json", text, number)
    if not turns:
        raise qa.UsageError("There is nothing to save yet: ask a question first.")
    exchanges = [
        Exchange(turn.answer, turn.articles, turn.question, turn.judgement) for turn in turns if turn.answer is not None
    ]
    if way == "html":
        return Parcel("conversation.html", "text/html", transcript_page(turns, exchanges), number)
    if way == "markdown":
        return Parcel("conversation.md", "text/markdown", to_markdown(exchanges), number)
    if way == "json":
        return Parcel("conversation.json", "application/json", to_json(exchanges), number)
    raise qa.UsageError(f"There is no way {way!r} to save: choose html, markdown, json or corrections.")


def menu(session: Session) -> str:
    """Return the menu of what can be saved, as HTML; empty while there is nothing.

    Corrections that no download has are marked: whoever leaves the page then is warned, see ui/app.js.
    """
    ways = _WAYS if any(turn.answer for turn in session.turns) else ()
    items = "".join(
        f'<li><button type="button" data-take="{way}" title="{words}">{name}</button></li>' for way, name, words in ways
    )
    count = len(session.judged)
    if count:
        name = f"{count} correction{'' if count == 1 else 's'}"
        words = "Questions with the answers that you confirmed or gave, as SQuAD v2 JSON for article-qa eval"
        mark = "" if session.judged == session.saved else " data-unsaved"
        items += f'<li><button type="button" data-take="corrections" title="{words}"{mark}>{name}</button></li>'
    return f'<details class="menu"><summary>Save</summary><ul>{items}</ul></details>' if items else ""
