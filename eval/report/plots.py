"""The four plots of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eval.report.svg import Frame, drawing, element, polyline, text, ticks, titled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from eval.analysis import Group, Result
    from eval.curves import Bin

_SHARES = {at / 4: f"{25 * at}%" for at in range(5)}
_STAGES = ("retrieve", "read", "decode", "decide")
_ROW = 27  # height of a bar with its label
_LETTER = 7  # width of one, more or less


def reliability_plot(bins: Sequence[Bin]) -> Markup:
    """Draw how often spans were right against how sure the reader was; what is calibrated lies on the diagonal."""
    frame = Frame(1, 1)
    parts = frame.axes(_SHARES, _SHARES, "confidence", "share that was right")
    parts.append(polyline([(frame.x(0), frame.y(0)), (frame.x(1), frame.y(1))], "ideal"))
    most = max(part["count"] for part in bins)
    for part in bins:
        x, y = frame.x(part["confidence"]), frame.y(part["right"])
        said = f"{part['count']} questions: {part['confidence']:.0%} sure, {part['right']:.0%} right"
        parts.append(element("line", x1=x, x2=x, y1=y, y2=frame.y(part["confidence"]), class_="gap"))
        parts.append(titled("circle", said, cx=x, cy=y, r=2.5 + 9 * (part["count"] / most) ** 0.5, class_="dot"))
    return drawing("Reliability: share right against confidence", parts)


def risk_plot(result: Result) -> Markup:
    """Draw the share of wrong answers against the share of questions answered, with the modes on the curve."""
    points = result["risk_coverage"]["points"]
    answering = {name: rates for name, rates in result["modes"].items() if "error" in rates}
    modes = {name: (rates["coverage"] / 100, rates["error"] / 100) for name, rates in answering.items()}
    heights = ticks(max([risk for _, risk in points] + [error for _, error in modes.values()] + [0.05]), 4)
    frame = Frame(1, heights[-1])
    parts = frame.axes(
        _SHARES, {at: f"{at:.0%}" for at in heights}, "share of questions answered", "share of answers that is wrong"
    )
    labels = []
    line = [(frame.x(coverage), frame.y(risk)) for coverage, risk in points]
    area = [(line[0][0], frame.bottom), *line, (line[-1][0], frame.bottom)]
    parts += [polyline(area, "under"), polyline(line, "curve")]
    for step, (name, (coverage, error)) in enumerate(modes.items()):
        said = f"{name}: answers {coverage:.0%}, {error:.0%} of that wrong"
        x, y = frame.x(coverage), frame.y(error)
        parts.append(element("line", x1=x, x2=x, y1=y, y2=frame.bottom, class_="mark"))
        parts.append(titled("circle", said, cx=x, cy=y, r=6.0, class_="mode"))
        # Modes may lie close together: each has its own height, and what is written lies over the lines.
        labels.append(_beside(x, frame, frame.bottom - 44 + 18 * step, name))
    parts += labels
    return drawing("Risk against coverage", parts)


def group_plot(groups: Sequence[Group], metric: str = "f1") -> Markup:
    """Draw a score of each group as a bar with its 95% interval."""
    rows = [group for group in groups if metric in group["metrics"]]
    frame = Frame(100, 1, left=104, top=4, bottom=4 + _ROW * len(rows), right=380.0)
    parts = [
        element("line", x1=frame.x(at), x2=frame.x(at), y1=frame.top, y2=frame.bottom, class_="grid" if at else "axis")
        for at in (0, 25, 50, 75, 100)
    ]
    parts += [text(frame.x(at), frame.bottom + 17, f"{at}") for at in (0, 25, 50, 75, 100)]
    for row, group in enumerate(rows):
        value, (low, high) = group["metrics"][metric], group["intervals"][metric]
        middle = frame.top + _ROW * (row + 0.5)
        said = f"{group['group']}: {value:.1f} (95% interval {low:.1f} to {high:.1f}), {group['total']} questions"
        size = {"y": middle - 8, "height": 16.0, "x": frame.left, "width": frame.x(value) - frame.left}
        parts.append(titled("rect", said, **size, rx=2, class_="bar"))
        parts.append(element("line", x1=frame.x(low), x2=frame.x(high), y1=middle, y2=middle, class_="whisker"))
        for end in (low, high):
            at = frame.x(end)
            parts.append(element("line", x1=at, x2=at, y1=middle - 4, y2=middle + 4, class_="whisker"))
        parts.append(text(frame.left - 8, middle + 4, group["group"], "end", "label"))
        parts.append(text(frame.right + 8, middle + 4, f"{group['total']:,}", "start"))
    return drawing(f"{metric} of each group with its 95% interval", parts, frame.bottom + 24)


def latency_plot(milliseconds: Sequence[float], stages: Mapping[str, Mapping[str, float]]) -> Markup:
    """Draw how long questions took as a histogram, and below it the median of each stage."""
    taken = np.array(milliseconds)
    shown = taken[taken <= np.percentile(taken, 99, method="higher")]  # of fewer than a hundred, all
    widths = ticks(float(shown.max()), 5)
    counts, edges = np.histogram(shown, bins=28, range=(0, widths[-1]))
    frame = Frame(widths[-1], float(max(1, counts.max())) * 1.12, bottom=186, left=14)
    parts = [element("line", x1=frame.left, x2=frame.right, y1=frame.bottom, y2=frame.bottom, class_="axis")]
    parts += [text(frame.x(at), frame.bottom + 17, f"{at:g}") for at in widths]
    parts.append(text((frame.left + frame.right) / 2, frame.bottom + 35, "milliseconds for a question", class_="title"))
    for count, low, high in zip(counts, edges, edges[1:], strict=False):
        if count:
            size = {"x": frame.x(float(low)) + 0.5, "width": frame.x(float(high)) - frame.x(float(low)) - 1}
            size |= {"y": frame.y(float(count)), "height": frame.bottom - frame.y(float(count))}
            parts.append(titled("rect", f"{count} questions: {low:.0f} to {high:.0f} ms", **size, class_="bar"))
    labels = []
    for step, (percentile, name) in enumerate(((50, "half"), (95, "95%"))):
        value = float(np.percentile(taken, percentile))
        x = min(frame.x(value), frame.right)
        parts.append(element("line", x1=x, x2=x, y1=frame.top, y2=frame.bottom, class_="mark"))
        labels.append(_beside(x, frame, frame.top + 9 + 16 * step, f"{name} within {value:.0f} ms"))
    parts += labels
    return drawing("Time of a question, and of its stages", [*parts, *_stage_bar(stages, frame)], 284)


def _stage_bar(stages: Mapping[str, Mapping[str, float]], frame: Frame) -> list[Markup]:
    medians = {stage: stages[stage]["p50"] for stage in _STAGES if stage in stages}
    total = sum(medians.values()) or 1.0
    parts, x, label_x = [], frame.left, frame.left
    for number, (stage, median) in enumerate(medians.items()):
        width = (frame.right - frame.left) * median / total
        said = f"{stage} {median:.1f}"
        parts.append(titled("rect", said, x=x, y=240, width=width, height=14, class_=f"stage stage-{number}"))
        parts.append(element("circle", cx=label_x + 5, cy=271, r=4, class_=f"stage stage-{number}"))
        parts.append(text(label_x + 14, 275, said, "start"))
        x, label_x = x + width, label_x + (frame.right - frame.left) / len(medians)
    return parts


def _beside(x: float, frame: Frame, y: float, said: str) -> Markup:
    """Write to the right of an upright line, or to its left where there is no room."""
    left = x + 7 + _LETTER * len(said) > frame.right
    return text(x - 7 if left else x + 7, y, said, "end" if left else "start", "label")
