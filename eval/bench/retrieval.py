"""Which passage is found first, by words, by meaning, and by both in several ways: the rule in ``index.retriever``.

    python -m eval.bench.retrieval SQUAD.json.gz [--held-out] [--limit N]

Puts the answerable questions of a SQuAD file to one index of all its titles and prints for what share of them a chunk
that holds a whole gold answer comes first and is among the first eight.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.datasets import load_squad
from eval.outcome import gold_rank
from index.article import Passage
from index.embedder import default_embedder, encode_all
from index.lexical import LexicalIndex
from index.progress import progress
from index.retriever import fuse, indexed_text
from index.splitter import Splitter
from index.vectors import FaissStore, Hit
from qa.reader import load_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DEPTH = 100  # hits of each kind, as in ``index.retriever``
FIRST = 8
RECIPROCAL = 60  # the usual constant of reciprocal rank fusion (Cormack et al. 2009)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--limit", type=int, default=1500, help="questions")
    parser.add_argument("--held-out", action="store_true", help="only titles that training sets aside")
    options = parser.parse_args()

    dataset = load_squad(options.file, article_level=True, held_out_only=options.held_out)
    splitter = Splitter(load_reader(None).count_tokens)
    chunks = [(article, chunk) for article, _ in dataset.items for chunk in splitter.split(article)]
    texts = [indexed_text(*pair) for pair in chunks]
    embedder, vectors, lexical = default_embedder(), FaissStore(), LexicalIndex()
    vectors.add(np.arange(len(texts)), encode_all(texts, embedder))
    lexical.add(range(len(texts)), texts)

    pairs = [(article, example) for article, example in dataset.limited(options.limit).pairs if example.answers]
    ranks: dict[str, list[int]] = defaultdict(list)
    for article, example in progress(pairs, "Searching", len(pairs)):
        dense = vectors.search(embedder.encode_queries([example.question]), DEPTH)[0]
        found = lexical.search(example.question, DEPTH)
        for name, rule in RULES.items():
            hits = enumerate(rule(dense, found), 1)
            passages = [Passage(chunks[hit.id][1], rank, hit.score) for rank, hit in hits]
            own = (passage for passage in passages if passage.chunk.article_id == article.id)
            ranks[name].append(gold_rank(own, example) or DEPTH + 1)
    print(f"{len(pairs)} questions among {len(chunks)} chunks")
    print(f"rule                     first  among {FIRST}")
    for name, places in ranks.items():
        first, among = (100 * np.mean(np.array(places) <= most) for most in (1, FIRST))
        print(f"{name:23}  {first:5.1f}  {among:7.1f}")


def _reciprocal(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Hit]:
    total: dict[int, float] = defaultdict(float)
    for ranking in (dense, lexical):
        for rank, hit in enumerate(ranking, 1):
            total[hit.id] += 1 / (RECIPROCAL + rank)
    return [Hit(at, score) for at, score in sorted(total.items(), key=lambda pair: -pair[1])]


def _both_stretched(dense: Sequence[Hit], lexical: Sequence[Hit]) -> list[Hit]:
    floor = min((hit.score for hit in lexical), default=0.0)
    return fuse(dense, [Hit(hit.id, hit.score - floor) for hit in lexical])


RULES: dict[str, Callable[[Sequence[Hit], Sequence[Hit]], Sequence[Hit]]] = {
    "by words (BM25)": lambda _, lexical: lexical,
    "by meaning (cosine)": lambda dense, _: dense,
    "reciprocal ranks": _reciprocal,
    "scores, both stretched": _both_stretched,
    "scores, as it ships": fuse,
}


if __name__ == "__main__":
    main()
