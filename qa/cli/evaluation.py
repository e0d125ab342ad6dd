"""``article-qa eval`` and ``article-qa calibrate``: how good a reader is, and how sure it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli.options import EmbedderOption, ReaderOption

if TYPE_CHECKING:
    from eval.evaluator import Result

_COLUMNS = {  # heading: (metric, decimals); scores are percentages
    "asked": ("total", 0),
    "EM": ("exact", 1),
    "F1": ("f1", 1),
    "right": ("HasAns_right", 1),
    "declined": ("NoAns_exact", 1),
    "wrong": ("answered_wrong", 1),
    "best F1": ("best_span_f1", 1),
    "ms": ("milliseconds", 0),
}


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="SQuAD v1.1 or v2 JSON, gzipped or not; by default our gold sets."),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option(help="strict, balanced (by default) or eager; give it more than once to compare them."),
    ] = None,
    article_level: Annotated[
        bool, typer.Option("--article-level", help="Join all paragraphs of a title into one article.")
    ] = False,
    contexts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the texts lie that a gold set names but does not contain.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask only the first N questions of each set.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per set.")] = False,
    reader: ReaderOption = None,
    embedder: EmbedderOption = None,
) -> None:
    """Score the answers to questions with gold answers.

    EM and F1 follow the official SQuAD 2.0 rules. Of the answerable questions, "right" were answered exactly or with an
    F1 of at least 0.8; of the unanswerable ones, "declined" were; of the answers given, "wrong" were not right. "best
    F1" scores the best span of answerable questions, given or not; "ms" is the time per question, asked in batches.
    """
    from eval.datasets import gold_files, load_squad
    from eval.evaluator import evaluate as run
    from qa import Library
    from qa.calibration import checked_mode
    from qa.reader import load_reader

    modes = [checked_mode(word) for word in mode or ["balanced"]]
    chosen = files or gold_files()
    datasets = [load_squad(file, article_level=article_level, contexts=contexts) for file in chosen]
    model = load_reader(reader)
    results = run([d for d in datasets if len(d)], lambda: Library(reader=model, embedder=embedder), modes, limit)
    for dataset in datasets:
        if dataset.skipped:
            names = ", ".join(dataset.skipped)
            typer.echo(f"{dataset.name}: skipped, for it asks about {names}: give its folder as --contexts.", err=True)
    if as_json:
        for result in results:
            typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        _print_results(results)


def calibrate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="SQuAD-v2 JSON, gzipped.")],
    limit: Annotated[int, typer.Option(min=50, metavar="N", help="The most questions of each file.")] = 1500,
    seed: Annotated[int, typer.Option(help="Of the choice of questions.")] = 0,
    reader: ReaderOption = None,
) -> None:
    """Fit the confidence of a reader, and its strict, balanced and eager points, to held-out questions.

    Only titles that training leaves out are used, at article level. The result is written beside the reader.
    """
    from eval.calibrate import calibrate as run
    from eval.calibrate import calibration_set
    from qa import Library

    calibrator = run(Library(reader=reader), calibration_set(files, limit, seed))
    typer.echo(json.dumps({"thresholds": calibrator.thresholds, **calibrator.fitted_on}, indent=1))


def _print_results(results: list[Result]) -> None:
    from qa.cli.screen import make_console, make_table, print_table

    table = make_table("|".join(["set", "mode", *(f">{heading}" for heading in _COLUMNS)]))
    for result in results:
        cells = ((result["metrics"].get(metric), decimals) for metric, decimals in _COLUMNS.values())
        table.add_row(
            result["dataset"],
            result["mode"],
            *("" if value is None else f"{value:.{places}f}" for value, places in cells),
        )
    print_table(make_console(), table)
