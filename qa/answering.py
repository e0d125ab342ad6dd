"""From logits to an answer: candidates over all windows, their mentions, the confidence and the decision."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from index.sentences import sentence_around
from qa.answer import Alternative, Answer, Span, Trace
from qa.calibration import PLAIN_THRESHOLDS, Calibrator, Features, overlap
from qa.coreference import antecedent
from qa.decoder import Candidate, decode_window, merge
from qa.pronouns import is_pronoun
from qa.snapping import snap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.article import Article, Passage
    from qa.decoder import TokenSpan
    from qa.reader import Logits
    from qa.windows import Window

ALTERNATIVES = 4
RANK_EXPONENT = 1.5  # the passage at rank r is r ** 1.5 times less likely to answer than the first: eval.bench.ranks
LARGEST_GAP = 8.0  # in logits, from a pronoun to a name that the reader takes for the answer as well
LEAST_SHARE = 1e-6  # of a window that is left to spans that are no pronouns


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read for one question, before any decision.

    Attributes:
        question: As it was asked.
        articles: The articles read, by id.
        passages: What was read of them.
        windows: How many windows that took.
        candidates: The merged candidates of all windows, the most believed first.
        texts: The words of each candidate, normalised for comparison.
    """

    question: str
    articles: dict[str, Article]
    passages: tuple[Passage, ...]
    windows: int
    candidates: tuple[Candidate, ...]
    texts: dict[Candidate, str]
    milliseconds: dict[str, float] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """The words of the best candidate, whether or not they will be given as the answer; empty without any."""
        return self.span(self.candidates[0]).text if self.candidates else ""

    def span(self, candidate: Candidate) -> Span:
        """Return the place of a candidate."""
        return Span.quoting(self.articles[candidate.article_id], candidate.start, candidate.end)

    def sentence(self, candidate: Candidate) -> Span:
        """Return the sentence around a candidate, up to the pronoun that stands for it if there is one."""
        article = self.articles[candidate.article_id]
        end = candidate.pronoun[1] if candidate.pronoun else candidate.end
        return Span.quoting(article, *sentence_around(article.text, candidate.start, end))

    def pronoun(self, candidate: Candidate) -> Span | None:
        """Return the pronoun by which the text says it of a candidate, if it does so."""
        return Span.quoting(self.articles[candidate.article_id], *candidate.pronoun) if candidate.pronoun else None

    def features(self) -> Features:
        """Return what the calibrator knows about the best candidate."""
        passage = self.passages[self.candidates[0].passage]
        return Features.of(self.candidates, self.texts, self.windows, None if passage.score is None else passage.rank)


def merged(readings: Sequence[Reading]) -> Reading:
    """Return what one reading of all that was read would have been, for a question put to several libraries."""
    candidates: list[Candidate] = []
    passages: list[Passage] = []
    for reading in readings:
        candidates += [replace(c, passage=c.passage + len(passages)) for c in reading.candidates]
        passages += reading.passages
    articles = {key: article for reading in readings for key, article in reading.articles.items()}
    stages = {stage for reading in readings for stage in reading.milliseconds}
    return Reading(
        readings[0].question,
        articles,
        tuple(passages),
        sum(reading.windows for reading in readings),
        *_ranked(candidates, articles),
        {stage: sum(reading.milliseconds.get(stage, 0.0) for reading in readings) for stage in sorted(stages)},
    )


def _ranked(
    candidates: Iterable[Candidate], articles: dict[str, Article]
) -> tuple[tuple[Candidate, ...], dict[Candidate, str]]:
    ranked = tuple(merge(candidates))
    return ranked, {c: comparable(articles[c.article_id].text[c.start : c.end]) for c in ranked}


def read(
    question: str,
    articles: dict[str, Article],
    passages: Sequence[Passage],
    windows: Sequence[Window],
    logits: Sequence[Logits],
) -> Reading:
    """Decode the windows of a question into candidates; ``window.context`` is the index of its passage."""
    candidates = _candidates(articles, passages, windows, logits)
    return Reading(question, articles, tuple(passages), len(windows), *_ranked(candidates, articles))


def decide(reading: Reading, mode: str, calibrator: Calibrator | None) -> Answer:
    """Decide whether the best candidate answers the question, and say so with everything that supports it."""
    threshold = (calibrator.thresholds if calibrator else PLAIN_THRESHOLDS)[mode]
    trace = Trace(
        mode=mode,
        measure="confidence" if calibrator else "margin",
        threshold=threshold,
        margin=reading.candidates[0].margin if reading.candidates else None,
        windows=reading.windows,
        passages=reading.passages,
        milliseconds=reading.milliseconds,
    )
    if not reading.candidates:
        return Answer(reading.question, False, "", None, None, None, trace=trace)
    best = reading.candidates[0]
    confidence = calibrator.confidence(reading.features()) if calibrator else None
    answered = (best.margin if confidence is None else confidence) >= threshold
    sentence = reading.sentence(best)
    return Answer(
        question=reading.question,
        answered=answered,
        text=reading.best if answered else "",
        span=reading.span(best) if answered else None,
        confidence=confidence,
        sentence_span=sentence if answered else None,
        mentions=tuple(map(reading.span, _mentions(reading))) if answered else (),
        alternatives=tuple(islice(_alternatives(reading), ALTERNATIVES)),
        closest=None if answered else sentence,
        pronoun=reading.pronoun(best) if answered else None,
        trace=trace,
    )


def comparable(text: str) -> str:
    """Return a text with case, white space and a leading article out of the way, to tell whether two say the same."""
    words = text.casefold().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in {"a", "an", "the"} else words)


def _candidates(
    articles: dict[str, Article],
    passages: Sequence[Passage],
    windows: Sequence[Window],
    logits: Sequence[Logits],
) -> Iterator[Candidate]:
    for window, (starts, ends) in zip(windows, logits, strict=True):
        passage = passages[window.context]
        prior = 0.0 if passage.score is None else -RANK_EXPONENT * math.log(passage.rank)
        article = articles[passage.chunk.article_id]
        placed = list(_placed(article.text, window, decode_window(starts, ends, window.in_context, cls=window.cls)))
        pronouns = [(place, span) for place, span in placed if is_pronoun(article.text[slice(*place)])]
        named = [(place, span) for place, span in placed if (place, span) not in pronouns]
        rest = math.log(max(1 - sum(math.exp(span.focus) for _, span in pronouns), LEAST_SHARE))
        for place, span in named:
            focus = min(0.0, span.focus - rest)
            yield Candidate(article.id, *place, span.margin, span.score, focus, window.context, prior)
        if pronouns and placed[0] == pronouns[0]:  # however sure the reader is, "they" answers nobody
            place, span = pronouns[0]
            likely = (place for place, other in named if other.score >= span.score - LARGEST_GAP)
            if who := antecedent(article.text, place, likely):
                yield Candidate(article.id, *who, span.margin, span.score, span.focus, window.context, prior, place)


def _placed(text: str, window: Window, spans: Iterable[TokenSpan]) -> Iterator[tuple[tuple[int, int], TokenSpan]]:
    for span in spans:
        if place := snap(text, int(window.offsets[span.first, 0]), int(window.offsets[span.last, 1])):
            yield place, span


def _mentions(reading: Reading) -> Iterator[Candidate]:
    """Yield the places that say what the best candidate says, where the reader would rather have it than nothing."""
    best, kept = reading.candidates[0], list[Candidate]()
    for candidate in reading.candidates:
        if reading.texts[candidate] != reading.texts[best] or any(overlap(candidate, other) for other in kept):
            continue
        if candidate is best or candidate.margin >= min(0.0, best.margin):
            kept.append(candidate)
            yield candidate


def _alternatives(reading: Reading) -> Iterator[Alternative]:
    """Yield the best candidates that say something else at another place; never the best itself."""
    kept, said = list[Candidate](), {reading.texts[reading.candidates[0]]}
    for candidate in reading.candidates:
        if any(overlap(candidate, other) for other in kept):
            continue
        kept.append(candidate)
        if reading.texts[candidate] not in said:
            said.add(reading.texts[candidate])
            yield Alternative(reading.span(candidate), reading.sentence(candidate), candidate.margin)
