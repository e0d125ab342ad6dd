"""Sentence boundaries with exact offsets, from sentencex."""

from __future__ import annotations

import re
from functools import lru_cache

# A heading or list line has no full stop: a line break after which a new line starts closes it all the same
# when a blank line follows. Single line breaks inside a paragraph (hard-wrapped text) do not end a sentence.
# The groups are atomic: CRLF is one line break, never a CR and then an LF.
BLANK_LINE = re.compile(r"(?>\r\n?|\n)[^\S\r\n]*(?>\r\n?|\n)")
_PARAGRAPH_BREAK = re.compile(BLANK_LINE.pattern + r"\s*")


@lru_cache(maxsize=8)  # as many as a question reads passages; more would keep large texts alive for nothing
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return ``[start, end)`` of each sentence of a text, in order, without surrounding white space."""
    import sentencex

    spans: list[tuple[int, int]] = []
    start = 0
    for stop, resume in [*(m.span() for m in _PARAGRAPH_BREAK.finditer(text)), (len(text), len(text))]:
        paragraph = text[start:stop]
        for piece in sentencex.get_sentence_boundaries("en", paragraph):
            span = stripped(text, start + piece["start_index"], start + piece["end_index"])
            if span[0] < span[1]:
                spans.append(span)
        start = resume
    return tuple(spans)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return ``[start, end)`` of the sentence, or the run of sentences, that holds a stretch of the text."""
    touching = [s for s in sentence_spans(text) if s[0] < end and start < s[1]]
    if not touching:
        return start, end
    return min(start, touching[0][0]), max(end, touching[-1][1])


def stripped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a stretch without the white space at its ends; of nothing but white space, start is not before end."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
