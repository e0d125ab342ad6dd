"""Answers for people: the quote, its sentence, its place, how sure, where else; and how it came about."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qa.cli.screen import can_print, counted, is_styled, make_table, one_line, print_table, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from qa import Answer, Article, Library, Span, Trace

MAX_PLACES = 12  # named one by one; more are counted
INDENT = 2
TITLE_IN_TABLE = 24  # characters
_MARKS, _ASCII_MARKS = ("«", "»"), ("**", "**")


def show(
    answer: Answer, library: Library, console: Console, *, with_question: bool = False, with_trace: bool = False
) -> None:
    """Print an answer."""
    from rich.text import Text

    if with_question:
        _line(console, Text(f"> {one_line(answer.question)}", style="cyan"))
    if answer.span:
        _show_quote(answer, answer.span, library, console)
    else:
        _line(console, Text(f"The article{' does' if len(library) == 1 else 's do'} not say.", style="bold"))
        if answer.closest:
            near = answer.closest
            console.print()
            _line(console, Text(f"Closest, but not an answer: {one_line(near.text)}", style="italic"), INDENT)
            _line(console, Text(place_in(library.get(near.article_id), near.start), style="dim"), INDENT)
    if with_trace and answer.trace:
        console.print()
        _show_trace(answer, answer.trace, library, console)


def place_in(article: Article, offset: int, *, titled: bool = True) -> str:
    """Return where an offset is, for people: title, and page or line."""
    page = article.page_at(offset)
    where = f"page {page}" if page is not None else f"line {article.line_at(offset)}"
    return f"{one_line(article.title)}, {where}" if titled else where


def sure(confidence: float) -> str:
    """Return a confidence in words; it is never certain."""
    return f"{min(99, max(1, round(100 * confidence)))}% sure"


def _show_quote(answer: Answer, span: Span, library: Library, console: Console) -> None:
    from rich.text import Text

    article = library.get(span.article_id)
    _line(console, Text(one_line(span.text), style="bold green"))
    console.print()
    if answer.sentence_span and answer.sentence_span.text.strip() != span.text.strip():
        _line(console, _emphasised(answer.sentence_span, span, console), INDENT)
    if answer.remark:
        _line(console, Text(answer.remark, style="italic"), INDENT)
    certainty = "" if answer.confidence is None else f" ({sure(answer.confidence)})"
    _line(console, Text(place_in(article, span.start) + certainty, style="dim"), INDENT)
    others = [mention for mention in answer.mentions if mention != span]
    if others:
        places = _listed(
            place_in(library.get(other.article_id), other.start, titled=other.article_id != article.id)
            for other in others
        )
        _line(console, Text(f"Also at {counted(len(others), 'other place')}: {places}", style="dim"), INDENT)


def _emphasised(sentence: Span, span: Span, console: Console) -> Text:
    """Return the sentence with the answer in it in bold, or between marks where there is no bold."""
    from rich.text import Text

    start, end = span.start - sentence.start, span.end - sentence.start
    before, answer, after = (squeeze(part) for part in _cut(sentence.text, start, end))
    if is_styled(console):
        return Text.assemble(before.lstrip(), (answer, "bold underline"), after.rstrip())
    left, right = _MARKS if can_print(console, "".join(_MARKS)) else _ASCII_MARKS
    return Text(f"{before.lstrip()}{left}{answer}{right}{after.rstrip()}")


def _cut(text: str, start: int, end: int) -> tuple[str, str, str]:
    return text[:start], text[start:end], text[end:]


def _listed(places: Iterable[str]) -> str:
    counts = Counter(places)  # two places may be on one line
    named = [place if times == 1 else f"{place} ({times} times)" for place, times in counts.items()]
    more = len(named) - MAX_PLACES
    return "; ".join(named[:MAX_PLACES]) + (f"; and {more} more" if more > 0 else "")


def _line(console: Console, text: Text, indent: int = 0) -> None:
    from rich.padding import Padding

    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent)) if indent else text)
    else:  # a line of a pipe is as long as it is
        text.pad_left(indent)
        console.print(text, soft_wrap=True)


def _show_trace(answer: Answer, trace: Trace, library: Library, console: Console) -> None:
    from rich.text import Text

    best = trace.margin if trace.measure == "margin" else answer.confidence
    got = "nothing was found" if best is None else f"the best has {best:.3f}"
    lines = [
        f"Mode {trace.mode}: answers from {trace.measure} {trace.threshold:.3f} on; {got}.",
        f"Read {counted(trace.windows, 'window')} of {counted(len(trace.passages), 'passage')}; "
        + ", ".join(f"{stage} {time:.0f} ms" for stage, time in trace.milliseconds.items())
        + ".",
    ]
    for line in lines:
        _line(console, Text(line))
    console.print()
    print_table(console, _passages(trace, library))
    if trace.margin is not None:
        console.print()
        print_table(console, _spans(answer, trace.margin, library))


def _passages(trace: Trace, library: Library) -> Table:
    table = make_table("Passage|>Score|>Lexical|>Dense|Place|Begins")
    for passage in trace.passages:
        article = library.get(passage.chunk.article_id)
        table.add_row(
            str(passage.rank),
            _number(passage.score),
            _ranked(passage.lexical_score, passage.lexical_rank),
            _ranked(passage.dense_score, passage.dense_rank),
            _short_place(library, article, passage.chunk.start),
            one_line(article.text[passage.chunk.start : passage.chunk.end][:48]),
        )
    return table


def _spans(answer: Answer, margin: float, library: Library) -> Table:
    table = make_table("Span|>Margin|>Confidence|Place|Words")
    best = answer.span or answer.closest
    rows = [(best, margin, answer.confidence, "" if answer.span else "(withheld) ")] if best else []
    rows += [(other.span, other.margin, None, "") for other in answer.alternatives]
    for number, (span, distance, confidence, note) in enumerate(rows, 1):
        place = _short_place(library, library.get(span.article_id), span.start)
        table.add_row(str(number), _number(distance), _number(confidence), place, note + one_line(span.text))
    return table


def _short_place(library: Library, article: Article, offset: int) -> str:
    where = place_in(article, offset, titled=False)
    return where if len(library) == 1 else f"{one_line(article.title)[:TITLE_IN_TABLE]}, {where}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _ranked(score: float | None, rank: int | None) -> str:
    return "-" if score is None else f"{score:.3f} (#{rank})"
