"""Windows of several lengths, end to end: how good the answers are and how long a question takes.

    python -m eval.bench.windows SQUAD.json.gz ... [--limit N]

Asks the calibration questions of SQuAD-v2 files, at article level, with chunks that fill windows of 128 to 384
tokens, a question of 28 tokens included; 228 is what ships (chunks of 200). Every length reads as many tokens of a long
article, and reads articles of the same length whole. Prints the F1 of the best span where there is an answer, the area
under the risk-coverage curve by margin (less is better) and the mean milliseconds of a question; the lengths take turns
at every article, so compare times as ratios.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from eval.bench.machine import describe
from eval.calibration_set import calibration_set
from eval.curves import aurc
from eval.datasets import Example
from eval.metrics import f1, is_right
from index.collection import Collection
from index.embedder import load_embedder
from index.splitter import Splitter
from qa import Article
from qa.answering import Reading, read
from qa.backends import OnnxReader
from qa.reader import DEFAULT_READER
from qa.windows import Context

WINDOWS = (128, 192, 228, 256, 384)  # tokens
QUESTION = 28  # tokens of a usual question and the special ones
ROOM = 120  # tokens of the longest question that fits beside a chunk
WHOLE = 24 * 200  # tokens of the longest article that is read whole
FOUND = 8 * 200  # tokens that are read of a longer one


@dataclass(slots=True)
class _Tally:
    f1: list[float] = field(default_factory=list)
    margins: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    seconds: float = 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=600, help="questions of each file")
    options = parser.parse_args()

    reader = OnnxReader(DEFAULT_READER, max_tokens=max(WINDOWS) - QUESTION + ROOM)
    embedder = load_embedder()
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for article, examples in calibration_set(options.files, options.limit).items:
        for window in WINDOWS:
            size = window - QUESTION
            collection = Collection(embedder, Splitter(reader.count_tokens, size, size // 5))
            collection.add([article])
            tally = tallies[window]
            _read(reader, collection, article, examples[0], size)  # long articles are embedded at the first question
            begun = time.perf_counter()
            readings = [_read(reader, collection, article, example, size) for example in examples]
            tally.seconds += time.perf_counter() - begun
            for reading, example in zip(readings, examples, strict=True):
                if example.answers:
                    tally.f1.append(f1(reading.best, example.answers))
                tally.margins.append(reading.candidates[0].margin if reading.candidates else -np.inf)
                tally.right.append(bool(example.answers) and is_right(reading.best, example.answers))
    print(describe())
    print("window  questions  best F1  AURC   ms")
    for window, tally in tallies.items():
        count, area = len(tally.right), aurc(np.array(tally.margins), np.array(tally.right))
        print(f"{window:6}  {count:9}  {100 * np.mean(tally.f1):7.1f}  {area:.3f}  {1000 * tally.seconds / count:.0f}")


def _read(reader: OnnxReader, collection: Collection, article: Article, example: Example, size: int) -> Reading:
    passages, articles = collection.retrieve_with_articles(
        [example.question], [article.id], top_k=round(FOUND / size), whole=round(WHOLE / size)
    )
    chunks = [passage.chunk for passage in passages[0]]
    contexts = [Context(article.text[chunk.start : chunk.end], chunk.start) for chunk in chunks]
    windows = reader.windows(example.question, contexts)
    return read(example.question, articles, passages[0], windows, reader.logits(windows))


if __name__ == "__main__":
    main()
