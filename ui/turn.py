"""One entry of the conversation, and what the visitor says of its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa import Answer, Article, Span
    from qa.absence import Absence
    from qa.corrections import Correction

RIGHT, WRONG, ABSENT, HERE = "right", "wrong", "absent", "here"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the visitor says of an answer.

    Attributes:
        kind: "right"; "wrong", which leaves open what would be right; "absent": the articles do not say; or "here".
        span: Where the answer is, of "here".
        gold: The gold answers that it gives.
    """

    kind: str
    span: Span | None = None
    gold: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)  # the same question asked twice is two turns
class Turn:
    """One entry of the conversation.

    Attributes:
        question: What was asked, as typed; empty for an entry that only says which article is open from here on.
        answer: None while it is being looked for.
        several: Whether more than one article was asked.
        note: The title of the article that was opened.
        articles: By id, those that the answer points into. They are kept because they may be removed from their
            library later, when the conversation is still to be read.
        asked: The articles that were asked, as they were then; an answer is judged against them.
        choice: What was open when it was asked, or is from here on.
        absence: Of a question that is not answered, what of it the articles speak of.
        verdict: What the visitor says of the answer.
        meant: What the question was taken to mean, or what the visitor says that it means; empty until that is known.
        replaced: While it is being read, the turn in whose place it is.
    """

    question: str
    answer: Answer | None = None
    several: bool = False
    note: str = ""
    articles: Mapping[str, Article] = field(default_factory=dict)
    asked: tuple[Article, ...] = ()
    choice: str = ""
    absence: Absence | None = None
    verdict: Verdict | None = None
    meant: str = ""
    replaced: Turn | None = None

    @property
    def judgement(self) -> str:
        """What the visitor says of the answer, in words; empty when that is nothing."""
        verdict = self.verdict
        if verdict is None:
            return ""
        if verdict.span is not None:
            return f"the answer is “{verdict.span.text}”"
        return "the text does not say" if verdict.kind == ABSENT else verdict.kind

    @property
    def understood(self) -> str:
        """The question that was asked of the articles."""
        return self.meant or self.question
