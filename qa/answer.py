"""What comes back: answers that quote, with where, how sure and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from index.article import Passage

if TYPE_CHECKING:
    from index.article import Article


@dataclass(frozen=True, slots=True)
class Span:
    """A place in an article, ``[start, end)`` in code points, and the words that stand there.

    Make one with ``Span.quoting``; a span that does not quote its article cannot be made.
    """

    article_id: str
    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or len(self.text) != self.end - self.start:
            raise ValueError(
                f"A span [{self.start}, {self.end}) of {len(self.text)} code points is no quotation of any article."
            )

    @classmethod
    def quoting(cls, article: Article, start: int, end: int, text: str | None = None) -> Self:
        """Make the span of an article between two offsets.

        Raises:
            ValueError: The offsets lie outside the article, or the words there are not the expected ones.
        """
        there = article.text[start:end] if 0 <= start < end <= len(article.text) else ""
        if not there or (text is not None and there != text):
            raise ValueError(f"Article {article.id} does not read {text!r} at [{start}, {end}), but {there!r}.")
        return cls(article.id, start, end, there)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer that the reader considered, at a place that does not overlap a better one.

    It has no confidence of its own: probabilities are calibrated for the best span of a question only.

    Attributes:
        span: The place and its words.
        sentence: The sentence around it.
        margin: How much more the reader believes in it than in "not here", in logits.
    """

    span: Span
    sentence: Span
    margin: float

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild an alternative from its dictionary."""
        return cls(Span(**data["span"]), Span(**data["sentence"]), data["margin"])


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about.

    Attributes:
        mode: strict, balanced or eager.
        measure: What ``threshold`` is compared with: "confidence", or "margin" for a reader without a calibrator.
        threshold: The least that the best span needs to be shown.
        margin: Margin of the best span in logits; None when there was nothing to read.
        windows: How many windows were read.
        passages: What retrieval returned, best first, or the whole article in order.
        milliseconds: Time by stage: retrieve, read, decode. Questions asked together share their reading time evenly.
    """

    mode: str
    measure: str
    threshold: float
    margin: float | None
    windows: int
    passages: tuple[Passage, ...]
    milliseconds: dict[str, float]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild a trace from its dictionary."""
        return cls(**{**data, "passages": tuple(Passage.from_dict(p) for p in data["passages"])})


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: an exact quote, or the statement that the articles do not give one.

    Attributes:
        question: As it was asked.
        answered: Whether the article says. When False, ``text`` is empty, ``span`` None and ``mentions`` empty.
        text: The quote; always ``article.text[span.start:span.end]``.
        span: Where it stands; the best of ``mentions``.
        confidence: Calibrated probability in [0, 1] that the best span is right: of the answer when there is one, of
            what was withheld when there is none. None for a reader without a calibrator.
        sentence_span: The sentence around the answer.
        mentions: Every place where the reader found this answer, best first, in any article.
        alternatives: Other answers, best first.
        closest: When not answered, the sentence that comes nearest. It is not an answer.
        pronoun: Where the article says it of "they" or the like, the place of that word: the answer is whom it was
            taken to stand for, and ``sentence_span`` goes from the one to the other.
        trace: How it came about.
    """

    question: str
    answered: bool
    text: str
    span: Span | None
    confidence: float | None
    sentence_span: Span | None
    mentions: tuple[Span, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    closest: Span | None = None
    pronoun: Span | None = None
    trace: Trace | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.answered != (self.span is not None) or self.text != (self.span.text if self.span else ""):
            raise ValueError(f"An answer must be the text of its span: {self.text!r} is not.")

    def __bool__(self) -> bool:
        return self.answered

    @property
    def sentence(self) -> str:
        """The sentence around the answer; empty when not answered."""
        return self.sentence_span.text if self.sentence_span else ""

    @property
    def remark(self) -> str:
        """What people should know of how the answer was read, in a sentence; mostly empty."""
        return f"The text says “{self.pronoun.text}”, taken to mean this." if self.pronoun else ""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-ready values; ``from_dict`` is the inverse."""
        return {**asdict(self), "sentence": self.sentence}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild an answer from ``to_dict`` output.

        Raises:
            ValueError: The text is not that of the span.
        """

        def span(value: dict[str, Any] | None) -> Span | None:
            return Span(**value) if value else None

        return cls(
            question=data["question"],
            answered=data["answered"],
            text=data["text"],
            span=span(data["span"]),
            confidence=data["confidence"],
            sentence_span=span(data["sentence_span"]),
            mentions=tuple(Span(**mention) for mention in data["mentions"]),
            alternatives=tuple(Alternative.from_dict(other) for other in data["alternatives"]),
            closest=span(data["closest"]),
            pronoun=span(data.get("pronoun")),
            trace=Trace.from_dict(data["trace"]) if data["trace"] else None,
        )
