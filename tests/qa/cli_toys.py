"""A reader and an embedder that need no model, and a way to run the command line with them in this process."""

import hashlib
import io
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from index.errors import UsageError
from qa.calibration import Calibrator
from qa.cli import main
from qa.windows import Window

STORY = (
    "The storm reached Harbourton on Monday. Nobody was hurt.\n\n"
    "The council offered $500 for the lost bell. It rang for a century. Mayor Ana Ruiz called the bell a treasure.\n\n"
    "A diver found it in May, and the $500 went to her school.\n"
)
OTHER = "Trains run late.\nThe new bridge cost $9000 and opened in June.\n"
# The last word of these in a question decides what is found and how strongly, in logits.
RULES = {
    "reward": (r"\$500\b", 8.0),
    "mayor": (r"Ana Ruiz\b", 8.0),
    "bridge": (r"\$9000\b", 8.0),
    "rain": ("storm", -2),
}
TOKENS_PER_WORD, MOST_WORDS = 16, 40


class ToyReader:
    """Finds what RULES say; a word counts as many tokens, so that each sentence or two is a window of its own."""

    name, fingerprint = "toy", "toy"

    def __init__(self, folder=None):
        self.folder = folder

    def count_tokens(self, texts):
        return [TOKENS_PER_WORD * len(text.split()) for text in texts]

    def windows(self, question, contexts):
        if len(question.split()) > MOST_WORDS:
            raise UsageError(f"The question is too long: ask it in at most {MOST_WORDS} words.")
        asked = re.sub(r"\W", "", question.split()[-1].lower())
        return [self._window(at, context, *RULES.get(asked, ("(?!)", 0.0))) for at, context in enumerate(contexts)]

    def logits(self, windows):
        return [(window.inputs["starts"], window.inputs["ends"]) for window in windows]

    def _window(self, at, context, wanted, margin):
        words = [(0, 0), *(match.span() for match in re.finditer(r"\S+", context.text))]
        starts, ends = np.full((2, len(words)), -9.0, np.float32)
        starts[0] = ends[0] = 0.0
        for match in re.finditer(wanted, context.text):
            starts[next(i for i, (_, end) in enumerate(words) if end > match.start())] = margin / 2
            ends[next(i for i, (_, end) in enumerate(words) if end >= match.end())] = margin / 2
        offsets = np.array(words, np.int64)
        inside = offsets[:, 1] > offsets[:, 0]
        return Window(at, {"starts": starts, "ends": ends}, offsets + context.start, inside, 0)


class ToyEmbedder:
    """Bags of words, hashed into a few columns."""

    name, dimension, fingerprint = "toy", 16, "toy"

    def encode_passages(self, texts):
        rows = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[hashlib.sha256(word.encode()).digest()[0] % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    encode_queries = encode_passages


@dataclass
class Result:
    code: int
    out: str
    err: str


class ToyCli:
    """Runs ``article-qa`` in this process, in an empty folder that holds ``story.txt`` and ``other.txt``."""

    def __init__(self, monkeypatch, capsys, folder: Path, *, calibrated=True):
        self.folder, self._patch, self._capsys = folder, monkeypatch, capsys
        (folder / "story.txt").write_text(STORY)
        (folder / "other.txt").write_text(OTHER)
        models = folder.parent / f"{folder.name}-reader"
        models.mkdir()
        if calibrated:  # 8 logits are 98%, -2 are 27%
            thresholds = {"strict": 0.99, "balanced": 0.5, "eager": 0.2}
            weights = {"absent": {"margin": 0.0}, "right": {"margin": 0.5}}
            bias = {"absent": 0.0, "right": 0.0}
            Calibrator("toy", {"margin": 0.0}, {"margin": 1.0}, weights, bias, thresholds, {}).save(models)
        monkeypatch.chdir(folder)
        monkeypatch.setattr("qa.library.load_reader", lambda spec=None: ToyReader(models))
        monkeypatch.setattr("qa.library.load_embedder", lambda spec=None: ToyEmbedder())

    def __call__(self, *arguments: object, stdin: bytes | None = b"") -> Result:
        self._patch.setattr(sys, "stdin", None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin)))
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err or "ARTICLE_QA_DEBUG" in os.environ
        return Result(ended.value.code or 0, captured.out, captured.err)
