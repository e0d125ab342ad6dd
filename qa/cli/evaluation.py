"""``article-qa eval`` and ``article-qa calibrate``: how good a reader is, and how sure it may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import InputError, UsageError
from qa.cli.commands import complain
from qa.cli.options import EmbedderOption, ReaderOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.analysis import Result
    from eval.compare import Comparison, Flip
    from eval.datasets import Dataset

FLIPS_SHOWN = 20
_COLUMNS = {  # heading: (metric, decimals); scores are percentages
    "asked": ("total", 0),
    "EM": ("exact", 1),
    "F1": ("f1", 1),
    "right": ("HasAns_right", 1),
    "declined": ("NoAns_exact", 1),
    "wrong": ("answered_wrong", 1),
    "best F1": ("best_span_f1", 1),
    "ms": ("milliseconds_p50", 0),
}


def evaluate(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="SQuAD v1.1 or v2 JSON, gzipped or not; by default our gold sets."),
    ] = None,
    mode: Annotated[
        list[str] | None,
        typer.Option(
            metavar="MODE", help="strict, balanced (by default) or eager; give it more than once to compare them."
        ),
    ] = None,
    article_level: Annotated[
        bool, typer.Option("--article-level", help="Join all paragraphs of a title into one article.")
    ] = False,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Only titles that training sets aside, one in sixteen by its hash.")
    ] = False,
    contexts: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the texts lie that a gold set names but does not contain.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Ask only N questions of each set, chosen at random.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="S", help="Of that choice; one seed always chooses the same.")] = 0,
    jobs: Annotated[
        int,
        typer.Option(min=1, max=64, metavar="J", help="Processes that share the questions, each with its own model."),
    ] = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write report.html, report.md and report.json there. Run again, it goes on where it was stopped.",
        ),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(metavar="A.json B.json", help="Ask nothing; say what is better and worse in report B than in A."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per set and mode.")] = False,
    reader: ReaderOption = None,
    embedder: EmbedderOption = None,
) -> None:
    """Score the answers to questions with gold answers.

    EM and F1 follow the official SQuAD 2.0 rules. Of the answerable questions, "right" were answered exactly or with an
    F1 of at least 0.8; of the unanswerable ones, "declined" were; of the answers given, "wrong" were not right. "best
    F1" scores the best span of answerable questions, given or not; "ms" is the median time of a question.

    With --json the metrics have their official names (exact, f1, HasAns_f1, NoAns_exact, best_f1_thresh, ...) with ours
    beside them, 95% intervals, the three modes, calibration, risk at each coverage, question types and times.
    """
    if compare:
        sources = {name: context.get_parameter_source(name) for name in context.params}
        given = [name for name, source in sources.items() if source and source.name == "COMMANDLINE"]
        if {*given} - {"compare", "as_json"}:  # and what the environment sets was not said of this call
            raise UsageError("--compare takes two reports and asks nothing: leave the other files and options out.")
        _compare(*compare, as_json=as_json)
        return
    from functools import partial

    from eval.datasets import gold_files, load_squad
    from eval.examination import examine
    from qa import Library
    from qa.calibration import checked_mode

    modes = [checked_mode(word) for word in mode or ["balanced"]]
    load = partial(load_squad, article_level=article_level, contexts=contexts, held_out_only=held_out)
    loaded = [load(file) for file in files or gold_files()]
    datasets = [dataset.limited(limit, seed) for dataset in loaded]
    _say_skipped(datasets)
    run = examine(datasets, partial(Library, reader=reader, embedder=embedder), modes, jobs, out, complain)
    if not run.examinations:
        raise InputError("There is no question to ask: give files with questions, and the texts that they are about.")
    results = list(run.results())
    if out:
        from eval.report.writer import write_report

        settings = {
            "article level": article_level,
            "held-out titles": held_out,
            "limit": limit,
            "seed": seed if limit else None,
            "jobs": jobs,
        }
        complain(f"wrote {', '.join(map(str, write_report(run, results, out, settings)))}")
    if as_json:
        for result in results:
            typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        _print_results(results)


def calibrate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="SQuAD-v2 JSON, gzipped or not.")],
    limit: Annotated[int, typer.Option(min=100, metavar="N", help="The most questions of each file.")] = 1500,
    seed: Annotated[int, typer.Option(help="Of the choice of questions.")] = 0,
    reader: ReaderOption = None,
) -> None:
    """Fit the confidence of a reader, and its strict, balanced and eager points, to held-out questions.

    Only titles that training leaves out are used, at article level. The result is written beside the reader.
    """
    from eval.calibrate import calibrate as run
    from eval.calibration_set import FEWEST, calibration_set
    from qa import Library

    dataset = calibration_set(files, limit, seed, FEWEST)
    for name in dataset.skipped:
        complain(f"{name}: not used, for it has no held-out title of which a part leaves questions unanswered")
    calibrator = run(Library(reader=reader), dataset)
    typer.echo(json.dumps({"thresholds": calibrator.thresholds, **calibrator.fitted_on}, indent=1))


def _say_skipped(datasets: Sequence[Dataset]) -> None:
    for dataset in datasets:
        if dataset.skipped:
            names = ", ".join(dataset.skipped)
            complain(f"{dataset.name}: skipped, for it asks about {names}: give its folder as --contexts.")


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


def _compare(first: Path, second: Path, *, as_json: bool) -> None:
    from eval.compare import compare
    from eval.report.document import load_report

    for comparison in compare(load_report(first), load_report(second)):
        if as_json:
            typer.echo(json.dumps(comparison.to_dict(), ensure_ascii=False))
        else:
            _print_comparison(comparison)


def _print_comparison(comparison: Comparison) -> None:
    from qa.cli.screen import make_console, make_table, one_line, print_table

    console = make_console()
    modes = " against ".join(dict.fromkeys(comparison.modes))
    asked = (
        ""
        if {*comparison.asked} == {comparison.common}
        else f" that both asked (of {comparison.asked[0]} and {comparison.asked[1]})"
    )
    console.print(f"{one_line(comparison.dataset)}, {modes}: {comparison.common} questions{asked}")
    table = make_table("metric|>A|>B|>B - A|>95% interval|>p")
    for change in comparison.changes:
        low, high = change.interval
        numbers = (
            f"{change.first:.2f}",
            f"{change.second:.2f}",
            f"{change.difference:+.2f}",
            f"{low:+.2f} to {high:+.2f}",
        )
        table.add_row(change.metric, *numbers, "" if change.p is None else f"{change.p:.4f}")
    print_table(console, table)
    console.print("intervals and p: what other questions of the same articles could give; other articles differ more")
    for heading, flips in (("right only in B", comparison.better), ("right only in A", comparison.worse)):
        console.print(f"\n{len(flips)} {heading}")
        for flip in flips[:FLIPS_SHOWN]:
            console.print(one_line(_flip_line(flip)), soft_wrap=True)
        if len(flips) > FLIPS_SHOWN:
            console.print(f"  and {len(flips) - FLIPS_SHOWN} more: see --json")
    console.print()


def _flip_line(flip: Flip) -> str:
    expected = " / ".join(dict.fromkeys(flip.gold)) or "not in the text"
    first, second = (answer or "declined" for answer in (flip.first, flip.second))
    return f"{flip.question}  expected: {expected}  A: {first}  B: {second}"
