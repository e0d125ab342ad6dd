"""How much less a passage that retrieval found later is to be believed: the exponent in ``qa.answering``.

    python -m eval.bench.ranks SQUAD.json.gz [--limit N] [--held-out] [--reader R]

Asks answerable questions of whole titles, of which passages are retrieved, and prints the F1 of the best span, and the
share of questions for which it is right, for several exponents: a passage at rank r is taken to be r ** exponent times
less likely to hold the answer than the first. Titles that are short enough to be read whole are passed over.
"""

from __future__ import annotations

import argparse
import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.datasets import Dataset, load_squad
from eval.metrics import f1, is_right
from index.progress import progress
from qa import Library

if TYPE_CHECKING:
    from qa.answering import Reading

EXPONENTS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=300, help="questions")
    parser.add_argument("--held-out", action="store_true", help="only titles that training sets aside")
    parser.add_argument("--reader", help="a folder; by default the bundled reader")
    options = parser.parse_args()

    found: dict[float, list[tuple[float, bool]]] = defaultdict(list)
    dataset = _answerable(load_squad(options.file, article_level=True, held_out_only=options.held_out))
    items = dataset.limited(options.limit).items
    for article, examples in progress(items, "Asking", len(items)):
        with Library(reader=options.reader) as library:
            library.add(article.text, title=article.title)
            readings = library.read_many([example.question for example in examples])
        for reading, example in zip(readings, examples, strict=True):
            if reading.candidates and reading.passages[0].score is not None:
                for exponent in EXPONENTS:
                    words = _best(reading, exponent)
                    found[exponent].append((f1(words, example.answers), is_right(words, example.answers)))
    print("exponent  questions  best F1  right")
    for exponent, scores in found.items():
        means = 100 * np.mean(np.array(scores, dtype=float), axis=0)
        print(f"{exponent:8}  {len(scores):9}  {means[0]:7.1f}  {means[1]:5.1f}")


def _answerable(dataset: Dataset) -> Dataset:
    kept = [(article, tuple(example for example in examples if example.answers)) for article, examples in dataset.items]
    return replace(dataset, items=tuple(kept))


def _best(reading: Reading, exponent: float) -> str:
    best = max(reading.candidates, key=lambda c: c.margin - exponent * math.log(reading.passages[c.passage].rank))
    return reading.span(best).text


if __name__ == "__main__":
    main()
