"""Writes a run to a folder: ``report.json``, ``report.md`` and ``report.html``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.report.document import REPORT_FILE, document
from eval.report.mistakes import KINDS, worst_mistakes
from eval.report.plots import group_plot, latency_plot, reliability_plot, risk_plot
from eval.report.words import METRICS, number
from index.files import replace_text
from qa.calibration import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from eval.analysis import Result
    from eval.examination import Run

TEMPLATES = Path(__file__).parent / "templates"
PAGES = ("report.html", "report.md")


def write_report(run: Run, results: Sequence[Result], folder: Path, settings: Mapping[str, Any]) -> list[Path]:
    """Write the three files, each whole or not at all, and return them.

    Args:
        run: What is reported; it has at least one set.
        results: Of each of its sets in each of its modes.
        folder: Where the files go; made if it does not exist.
        settings: How the run was called, for the reader of the report.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = document(run, results, settings)
    texts = {REPORT_FILE: json.dumps(report, ensure_ascii=False) + "\n"} | _pages(run, report)
    for name, text in texts.items():
        replace_text(folder / name, text)
    return [folder / name for name in texts]


def _pages(run: Run, report: dict[str, Any]) -> dict[str, str]:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),  # Markdown escapes by the filter "cell"
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cell": _cell, "number": lambda value, metric: number(metric, value)}
    mode = run.modes[0]
    values = {
        "report": report,
        "results": [result for one in report["sets"] for result in one["results"]],
        "plots": [_plots(one, result) for one in report["sets"] for result in one["results"]],
        "mistakes": worst_mistakes(run, mode),
        "mode": mode,
        "modes": MODES,
        "kinds": KINDS,
        "words": METRICS,
    }
    return {name: environment.get_template(name).render(values) for name in PAGES}


def _plots(one: dict[str, Any], result: Result) -> dict[str, Markup]:
    taken = [sum(question["milliseconds"].values()) for question in one["questions"] if question["milliseconds"]]
    plots = {"risk": risk_plot(result), "types": group_plot(result["by_type"])}
    if result["reliability"]:
        plots["reliability"] = reliability_plot(result["reliability"])
    if taken:
        plots["latency"] = latency_plot(taken, result["latency"])
    return plots


def _cell(text: object) -> str:
    """Return a text as one cell of a Markdown table, where nothing in it is markup."""
    flat = " ".join(str(text).split())
    for sign in "\\`*_[]<>|":
        flat = flat.replace(sign, f"\\{sign}" if sign not in "<>" else {"<": "&lt;", ">": "&gt;"}[sign])
    return flat
