"""Libraries that read extractively, side by side with ours: same weights, same articles, same questions.

    python -m eval.bench.peers [FILE.json ...] [--contexts DIR] [--limit N]

Needs ``pip install transformers-haystack txtai`` in an environment of its own. Each engine gets the articles of the
sets as its users would give them: Haystack's reader the chunks of an article as documents, txtai's ``Questions`` the
whole article (of which it reads what fits its model). Questions are put to all engines in turn, so that what disturbs
one disturbs all. An engine that fails on a question has declined it, and is counted.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from eval.bench.machine import describe
from eval.datasets import gold_files, load_squad
from eval.metrics import exact_match, f1, is_right
from qa import Library
from qa.backends import TorchReader
from qa.reader import DEFAULT_READER

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa import Article

    Engine = Callable[[Article, str], str]  # what it answers; nothing when it declines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--contexts", type=Path)
    parser.add_argument("--limit", type=int, help="of each set")
    options = parser.parse_args()

    library = Library()
    datasets = [load_squad(file, contexts=options.contexts) for file in options.files or gold_files()]
    pairs = [pair for dataset in datasets for pair in dataset.limited(options.limit).pairs]
    library.add_articles([article for article, _ in pairs])
    engines: dict[str, Engine] = {
        "article_qa_int8": _ours(library),
        "article_qa_torch_fp32": _ours(Library(reader=TorchReader(DEFAULT_READER))),
        "haystack": _haystack(library),
        "txtai": _txtai(),
    }
    given: dict[str, list[str]] = {name: [] for name in engines}
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    failed = dict.fromkeys(engines, 0)
    for engine in engines.values():  # a first question pays for what is loaded late
        _asked(engine, pairs[0][0], pairs[0][1].question)
    for article, example in pairs:
        for name, engine in engines.items():
            answer, taken = _asked(engine, article, example.question)
            given[name].append(answer or "")
            seconds[name].append(taken)
            failed[name] += answer is None
    gold = [example.answers for _, example in pairs]
    print(json.dumps({
        "machine": describe(),
        "questions": len(pairs),
        "engines": {name: _scores(given[name], gold, seconds[name], failed[name]) for name in engines},
        "times_slower_than_ours": {
            name: round(median(seconds[name]) / median(seconds["article_qa_int8"]), 2) for name in engines
        },
    }, indent=1))  # fmt: skip


def _asked(engine: Engine, article: Article, question: str) -> tuple[str | None, float]:
    """Return what an engine answers, None when it fails, and the seconds that it took."""
    begun = time.perf_counter()
    try:
        answer = engine(article, question)
    except Exception:  # noqa: BLE001  # whatever a peer raises is its outcome
        answer = None
    return answer, time.perf_counter() - begun


def _ours(library: Library) -> Engine:
    def engine(article: Article, question: str) -> str:
        library.add_articles([article])  # nothing happens when it is there
        return library.ask(question, article).text

    return engine


def _haystack(library: Library) -> Engine:
    from haystack import Document
    from haystack_integrations.components.readers.transformers import TransformersExtractiveReader

    reader = TransformersExtractiveReader(str(DEFAULT_READER), model_kwargs={"dtype": "float32"})
    reader.warm_up()

    def engine(article: Article, question: str) -> str:
        chunks = library.chunks(article.id)
        documents = [Document(content=article.text[chunk.start : chunk.end]) for chunk in chunks]
        return reader.run(query=question, documents=documents)["answers"][0].data or ""

    return engine


def _txtai() -> Engine:
    import torch
    from txtai.pipeline import Questions

    questions = Questions(str(DEFAULT_READER), gpu=False, dtype=torch.float32)
    questions.tokenizer.model_max_length = 512  # of the model; the stored one is that of an embedding model

    def engine(article: Article, question: str) -> str:
        return questions([question], [article.text])[0] or ""

    return engine


def _scores(given: list[str], gold: list[tuple[str, ...]], seconds: list[float], failed: int) -> dict[str, float | int]:
    rows = list(zip(given, gold, strict=True))
    return {
        "exact": _percent([exact_match(*row) for row in rows]),
        "f1": _percent([f1(*row) for row in rows]),
        "HasAns_right": _percent([is_right(*row) for row in rows if row[1]]),
        "NoAns_exact": _percent([not answer for answer, accepted in rows if not accepted]),
        "median_ms": round(1000 * median(seconds), 1),
        "failed": failed,
    }


def _percent(values: list[Any]) -> float:
    return round(100 * float(sum(values)) / max(1, len(values)), 2)


if __name__ == "__main__":
    main()
