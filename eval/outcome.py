"""What came of one question, with all that is needed to score it in any mode."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, Self

from eval.metrics import is_right

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eval.datasets import Example
    from qa import Article, Passage


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    Attributes:
        key: Names the question by content: see ``question_key``.
        id: Of the question, in its file.
        gold: Accepted answers; empty when the text does not say.
        starts: Offset of each in the article, None where its place is not known.
        best: The best span, given or not; empty when there was nothing to read.
        start: Where it starts in the article.
        confidence: Calibrated probability that ``best`` is right; None without a calibrator.
        margin: Its margin in logits; None when there was nothing to read.
        answered_in: The modes that give ``best`` as the answer; the others decline.
        searched: Whether passages were searched for; an article that is short enough is read whole.
        gold_rank: Rank of the first passage found that holds a gold answer; None when none does.
        milliseconds: What the question took, by stage; None where that is not known.
    """

    key: str
    id: str
    question: str
    article_id: str
    gold: tuple[str, ...]
    starts: tuple[int | None, ...]
    best: str = ""
    start: int | None = None
    confidence: float | None = None
    margin: float | None = None
    answered_in: tuple[str, ...] = ()
    searched: bool = False
    gold_rank: int | None = None
    milliseconds: dict[str, float] | None = None

    def predicted(self, mode: str) -> str:
        """Return the answer that a mode gives; empty when it declines."""
        return self.best if mode in self.answered_in else ""

    def right(self, mode: str) -> bool:
        """Return whether the answer given is exact or overlaps enough; of the unanswerable, whether it declined."""
        return is_right(self.predicted(mode), self.gold)

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready values; ``from_dict`` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild an outcome from its dictionary; what else is in it is passed over."""
        values: dict[str, Any] = {field.name: data[field.name] for field in fields(cls)}
        for name in ("gold", "starts", "answered_in"):
            values[name] = tuple(values[name])
        return cls(**values)


def question_key(article: Article, example: Example) -> str:
    """Name a question by what it asks of which text, under which title, with which gold answers: 16 hex digits.

    Two runs asked the same question where the keys are equal, whatever their files are called.
    """
    content = json.dumps([article.id, article.title, example.id, example.question, example.answers, example.starts])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def gold_rank(passages: Iterable[Passage], example: Example) -> int | None:
    """Return the rank of the first passage that holds a whole gold answer at its place; None when none does."""
    places = [
        (start, start + len(answer))
        for answer, start in zip(example.answers, example.starts, strict=True)
        if start is not None
    ]
    for passage in passages:
        if any(passage.chunk.start <= start and end <= passage.chunk.end for start, end in places):
            return passage.rank
    return None
