"""A warm question: the int8 ONNX reader against the same reader in torch fp32, over the same windows.

    python -m eval.bench.reader [ARTICLE] [--rounds N]

Prints the median time of a whole question (find, read, decode, decide) with either reader, of reading alone, of asking
sixteen questions one by one and together, and the ratios. Needs the packages of article-qa[train].
"""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path

from eval.bench.machine import describe, interleaved
from qa import Library, Reader, read_file
from qa.backends import OnnxReader, TorchReader
from qa.reader import DEFAULT_READER
from qa.windows import Context

QUESTIONS = ("Who offered the reward?", "How much money was offered as a reward?", "When did the plane crash?", "Why?")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sample = Path(__file__).parents[2] / "qa" / "samples" / "reward.txt"
    parser.add_argument("article", nargs="?", type=Path, default=sample)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()

    article = read_file(options.article)
    readers: dict[str, Reader] = {"onnx_int8": OnnxReader(DEFAULT_READER), "torch_fp32": TorchReader(DEFAULT_READER)}
    libraries = {name: Library(reader=reader) for name, reader in readers.items()}
    for library in libraries.values():
        library.add_articles([article])
    chunks = libraries["onnx_int8"].chunks(article.id)
    contexts = [Context(article.text[chunk.start : chunk.end], chunk.start) for chunk in chunks]
    windows = readers["onnx_int8"].windows(QUESTIONS[0], contexts)

    question = interleaved({n: partial(library.ask, QUESTIONS[0]) for n, library in libraries.items()}, options.rounds)
    read = interleaved({n: partial(reader.logits, windows) for n, reader in readers.items()}, options.rounds)
    ours, sixteen = libraries["onnx_int8"], QUESTIONS * 4
    batch = interleaved(
        {"loop": lambda: [ours.ask(q) for q in sixteen], "ask_many": lambda: ours.ask_many(sixteen)}, options.rounds
    )
    result = {
        "machine": describe(),
        "words": len(article.text.split()),
        "windows": len(windows),
        "question_ms": {name: round(1000 * seconds, 1) for name, seconds in question.items()},
        "read_ms": {name: round(1000 * seconds, 1) for name, seconds in read.items()},
        "sixteen_questions_ms": {name: round(1000 * seconds, 1) for name, seconds in batch.items()},
        "question_ratio": round(question["onnx_int8"] / question["torch_fp32"], 3),
        "read_ratio": round(read["onnx_int8"] / read["torch_fp32"], 3),
        "ask_many_ratio": round(batch["ask_many"] / batch["loop"], 3),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
