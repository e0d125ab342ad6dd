"""A cold start: one question on the command line against importing sentence_transformers, and its peak memory.

python -m eval.bench.cold_start [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from eval.bench.machine import describe, interleaved

SAMPLE = Path(__file__).parents[2] / "qa" / "samples" / "reward.txt"
COMMANDS = {
    "article_qa_ask": ["-m", "qa.cli", "ask", str(SAMPLE), "How much money was offered as a reward?"],
    "article_qa_help": ["-m", "qa.cli", "--help"],
    "import_sentence_transformers": ["-c", "import sentence_transformers"],
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    memory = _peak_mib(COMMANDS["article_qa_ask"])  # first: the peak of children never falls
    seconds = interleaved({name: partial(_run, words) for name, words in COMMANDS.items()}, options.rounds)
    result = {
        "machine": describe(),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "ask_ratio": round(seconds["article_qa_ask"] / seconds["import_sentence_transformers"], 3),
        "ask_peak_mib": memory,
    }
    print(json.dumps(result, indent=1))


def _run(words: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return time.perf_counter() - begun


def _peak_mib(words: list[str]) -> int:
    _run(words)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024


if __name__ == "__main__":
    main()
