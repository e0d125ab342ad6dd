"""Many at once: sixteen programs ask a server, each its own article.

    python -m eval.bench.askers [--askers N] [--questions N]

Starts ``article-qa serve`` on a free port. Each asker, a ``gradio_client`` with a session of its own, adds an article;
when all have, they ask together, each one question after the other. Prints the times from the question to its answer,
and how many failed: with an error, or with an answer that is not from the asker's own article.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.bench.machine import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parents[2] / "qa" / "samples" / "reward.txt"
QUESTIONS = ("Who offered the reward?", "How much money was offered as a reward?", "When was the plane destroyed?")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--askers", type=int, default=16)
    parser.add_argument("--questions", type=int, default=3, help="of each asker")
    options = parser.parse_args()
    together = threading.Barrier(options.askers)
    with _server() as address, ThreadPoolExecutor(options.askers) as pool:
        futures = [pool.submit(_ask, address, n, options.questions, together) for n in range(options.askers)]
        times, failures = [], list[str]()
        for future in futures:
            taken, failed = future.result()
            times += taken
            failures += failed
    result = {
        "machine": describe(),
        "words": len(SAMPLE.read_text("utf-8").split()),
        "askers": options.askers,
        "questions": options.askers * options.questions,
        "failures": len(failures),
        "ms": {name: round(value) for name, value in _spread(times).items()},
    }
    print(json.dumps(result, indent=1))
    if failures:
        sys.exit(f"The first failure: {failures[0]}")


def _ask(address: str, number: int, count: int, together: threading.Barrier) -> tuple[list[float], list[str]]:
    """Return the milliseconds of each answer of one asker, and what went wrong."""
    from gradio_client import Client

    client = Client(address, verbose=False, analytics_enabled=False)
    text = SAMPLE.read_text("utf-8") + f"\n\nThis is the copy of asker {number}.\n"
    own = client.predict(text=text, api_name="/add")["id"]
    client.predict(question=QUESTIONS[0], api_name="/ask")  # the first loads the models
    together.wait()
    times, failures = [], []
    for question in (QUESTIONS[at % len(QUESTIONS)] for at in range(count)):
        begun = time.perf_counter()
        try:
            answer: dict[str, Any] = client.predict(question=question, mode="eager", api_name="/ask")
        except Exception as error:  # whatever it is, it counts
            failures.append(f"{type(error).__name__}: {error}")
            continue
        times.append(1000 * (time.perf_counter() - begun))
        place = answer["span"] or answer["closest"]
        if place is None or place["article_id"] != own:
            failures.append(f"Asker {number} got an answer that is not from its article.")
    return times, failures


def _spread(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {}
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {"p50": cuts[49], "p95": cuts[94], "max": max(times)}


@contextmanager
def _server() -> Iterator[str]:
    """Yield the address of a server that runs meanwhile."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "qa.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            if not server.stdout or not server.stdout.readline().startswith("article-qa is at"):
                sys.exit("The server did not start.")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
