"""A reader without a model: it believes what a test tells it to."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from qa.windows import Context, Window


class KeywordReader:
    """Scores the words of a text by a table; the question has no part in it. A word is a token.

    Args:
        scores: Logit that a word gets as start and as end; other words get -5.
        null: Logit of "not here", for start and for end.
        size: Words in one window; windows of a context overlap by a quarter of it.
    """

    folder: Path | None = None
    fingerprint = "keywords"

    def __init__(self, scores: dict[str, float], null: float = 0.0, size: int = 64) -> None:
        self.name = "keywords"
        self.scores, self.null, self.size = scores, null, size
        self.read: list[int] = []  # how many windows each call of logits was given

    def count_tokens(self, texts):
        return [len(re.findall(r"\w+", text)) for text in texts]

    def windows(self, question, contexts: list[Context]):
        made = []
        for at, context in enumerate(contexts):
            words = [m.span() for m in re.finditer(r"\w+|\$", context.text)]
            step = max(1, self.size - self.size // 4)
            for first in range(0, max(1, len(words)), step):
                made.append(self._window(at, context, words[first : first + self.size]))
                if first + self.size >= len(words):
                    break
        return made

    def _window(self, at, context, words):
        n = len(words) + 1
        offsets = np.zeros((n, 2), dtype=np.int64)
        logit = np.full(n, -5.0, dtype=np.float32)
        logit[0] = self.null
        for row, (start, end) in enumerate(words, 1):
            offsets[row] = context.start + start, context.start + end
            logit[row] = self.scores.get(context.text[start:end], -5.0)
        in_context = np.arange(n) > 0
        self_logits = {"logits": logit}
        return Window(at, self_logits, offsets, in_context, 0)

    def logits(self, windows):
        self.read.append(len(windows))
        return [(window.inputs["logits"], window.inputs["logits"]) for window in windows]
