"""Cutting an article into chunks that each fit one reader window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining

from index.article import Article, Chunk
from index.errors import UsageError
from index.sentences import BLANK_LINE, sentence_spans, stripped

if TYPE_CHECKING:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

TokenCounter = Callable[[Sequence[str]], Sequence[int]]
"""Returns how many tokens the reader makes of each text, special tokens not counted."""

_BATCH = 1024  # texts per call of the counter, so that a long article does not hold all its encodings at once
_PIECE = 120  # characters: the grain in which a sentence that is too long is cut, about 30 tokens
# Where a long sentence is cut, best first: line breaks, ends of clauses, commas, any white space.
_CUTS = (r"[\r\n]+", r"[;:–—]\s+|[。！？；]", r"[,،]\s+|[，、]", r"\s+")
_JOINERS = frozenset("\u200d\ufe0e\ufe0f")  # they belong to the character before (emoji sequences)


class _Unit(NamedTuple):
    """What is never cut: a sentence, or a piece of a sentence that is longer than a chunk may be."""

    start: int
    end: int
    tokens: int
    opens_paragraph: bool


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts articles into overlapping chunks of whole sentences.

    The chunks come in order, quote their article and together hold every character that is not white space.
    None has more than ``size`` tokens, unless a single character with its accents has.

    Attributes:
        count_tokens: Counts the tokens of many texts at once, by the tokenizer of the reader.
        size: The most tokens that a chunk may have.
        overlap: The most tokens that a chunk repeats of the one before, in whole sentences.
    """

    count_tokens: TokenCounter
    size: int = 200
    overlap: int = 40

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.size:
            raise UsageError(
                f"Chunks of {self.size} tokens cannot overlap by {self.overlap}:"
                " give a size of at least 1 and an overlap from 0 up to less than the size."
            )

    def split(self, article: Article) -> list[Chunk]:
        """Return the chunks of an article, in order."""
        units = list(self._units(article.text))
        spans = [(units[a].start, units[b - 1].end) for a, b in self._fitting(article.text, units)]
        return [Chunk.quoting(article, start, article.text[start:end]) for start, end in spans]

    def _units(self, text: str) -> Iterator[_Unit]:
        """Yield sentences, and the pieces of those that are too long, with their token counts."""
        sentences = list(_covering(text, sentence_spans(text)))
        previous_end = 0
        for (start, end), tokens in zip(sentences, self._count(text, sentences), strict=True):
            opens = bool(BLANK_LINE.search(text, previous_end, start))
            previous_end = end
            if tokens <= self.size:
                yield _Unit(start, end, tokens, opens)
                continue
            for piece_start, piece_end, piece_tokens in self._pieces(text, start, end):
                yield _Unit(piece_start, piece_end, piece_tokens, opens)
                opens = False

    def _pieces(self, text: str, start: int, end: int) -> list[tuple[int, int, int]]:
        """Cut a long sentence between its words, and inside a word only where the word alone is too long."""
        # White space is kept and nothing overlaps, so each piece starts where the last one ended.
        spans = []
        for piece in _piece_splitter(min(_PIECE, self.size)).split_text(text[start:end]):
            spans.append((start, start + len(piece)))
            start += len(piece)
        longest = 4 * max(self.size, _PIECE)  # long words are cut to this first: halving them all the way is slow
        done: list[tuple[int, int, int]] = []
        spans = [part for span in spans for part in _cut_evenly(text, *stripped(text, *span), longest)]
        while spans:
            pending = []
            for (a, b), tokens in zip(spans, self._count(text, spans), strict=True):
                middle = _halfway(text, a, b)
                if tokens <= self.size or middle is None:
                    done.append((a, b, tokens))
                else:
                    pending += [stripped(text, a, middle), stripped(text, middle, b)]
            spans = pending
        return sorted(piece for piece in done if piece[0] < piece[1])

    def _fitting(self, text: str, units: Sequence[_Unit]) -> list[tuple[int, int]]:
        """Pack units into ``[first, stop)`` runs, then halve those whose text has more tokens than its units.

        Token counts nearly add up, but what stands between two units can have tokens of its own.
        """
        runs, done = list(self._packed(units)), []
        while runs:
            pending = []
            spans = [(units[first].start, units[stop - 1].end) for first, stop in runs]
            for (first, stop), tokens in zip(runs, self._count(text, spans), strict=True):
                if tokens <= self.size or stop - first == 1:
                    done.append((first, stop))
                else:
                    middle = (first + stop) // 2
                    pending += [(first, middle), (middle, stop)]
            runs = pending
        return list(_without_nested(sorted(done)))

    def _packed(self, units: Sequence[_Unit]) -> Iterator[tuple[int, int]]:
        """Yield runs of units, filled greedily; one at least half full ends rather than break a paragraph."""
        paragraphs = _paragraph_tokens(units)
        first = total = 0
        for i, unit in enumerate(units):
            full = total + unit.tokens > self.size
            breaks_paragraph = unit.opens_paragraph and 2 * total >= self.size and total + paragraphs[i] > self.size
            if i > first and (full or breaks_paragraph):
                yield first, i
                first, total = self._overlap_before(units, first, i)
            total += unit.tokens
        if units:
            yield first, len(units)

    def _overlap_before(self, units: Sequence[_Unit], first: int, stop: int) -> tuple[int, int]:
        """Return where the run after ``[first, stop)`` starts, and the tokens that it repeats."""
        room = min(self.overlap, self.size - units[stop].tokens)
        start, total = stop, 0
        while start - 1 > first and total + units[start - 1].tokens <= room:
            start -= 1
            total += units[start].tokens
        return start, total

    def _count(self, text: str, spans: Sequence[tuple[int, int]]) -> Iterator[int]:
        for i in range(0, len(spans), _BATCH):
            yield from self.count_tokens([text[start:end] for start, end in spans[i : i + _BATCH]])


@lru_cache(maxsize=4)
def _piece_splitter(length: int) -> RecursiveCharacterTextSplitter:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    return RecursiveCharacterTextSplitter(
        list(_CUTS),
        keep_separator="end",
        is_separator_regex=True,
        chunk_size=length,
        chunk_overlap=0,
        strip_whitespace=False,
    )


def _covering(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans, and between them whatever text they leave out."""
    done = 0
    for start, end in [*spans, (len(text), len(text))]:
        if start > done and not text[done:start].isspace():
            yield stripped(text, done, start)
        if start < end:
            yield start, end
        done = max(done, end)


def _without_nested(runs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out runs that a neighbour holds: half of a run can be nothing but what it has in common with it."""
    reached = 0
    for (first, stop), (following, _) in pairwise([*runs, (-1, -1)]):
        if stop > reached and first != following:
            yield first, stop
            reached = stop


def _paragraph_tokens(units: Sequence[_Unit]) -> list[int]:
    """Return for each unit the tokens from it to the end of its paragraph."""
    tokens = [0] * len(units)
    following = 0
    for i in range(len(units) - 1, -1, -1):
        tokens[i] = following = units[i].tokens + following
        if units[i].opens_paragraph:
            following = 0
    return tokens


def _cut_evenly(text: str, start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    while end - start > length:
        stop = next((i for i in range(start + length, end) if _starts_character(text, i)), end)
        yield start, stop
        start = stop
    yield start, end


def _halfway(text: str, start: int, end: int) -> int | None:
    """Return where to cut a stretch in two: the space nearest its middle, else the nearest character."""
    outwards = sorted(range(start + 1, end), key=lambda i: abs(2 * i - start - end))
    spaces = (i for i in outwards if text[i - 1].isspace())
    characters = (i for i in outwards if _starts_character(text, i))
    return next(spaces, None) or next(characters, None)


def _starts_character(text: str, offset: int) -> bool:
    """Return whether a cut here parts no accent from its letter and breaks no emoji sequence."""
    return not (combining(text[offset]) or text[offset] in _JOINERS or text[offset - 1] == "\u200d")
