"""``article-qa ask``: questions to articles or to a library, answered for people or as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UsageError
from qa.cli.inputs import (
    STDIN,
    Question,
    expand,
    read_article,
    read_questions,
    split_words,
)
from qa.cli.options import EmbedderOption, Mode, ReaderOption, open_library
from qa.cli.screen import make_console, on_terminal, settle_output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa import Answer, Article, Library

ANSWERED, NOT_IN_THE_TEXT = 0, 1
BATCH = 8  # questions asked together; a progress bar moves after each batch
EXAMPLES = """\b
Examples:
  article-qa ask story.pdf "Who offered the reward?"
  curl -s https://example.org/story | article-qa ask - "Who offered the reward?"
  article-qa ask news/*.txt --questions questions.txt --json > answers.jsonl
  article-qa ask --library my-articles"""


def ask(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]... [QUESTION]",
            help="Articles (.txt .md .html .pdf .docx .epub), folders of them, or - for standard input; then the"
            " question, as one argument in quotes.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: one object on one line for each question.")
    ] = False,
    mode: Annotated[
        Mode,
        typer.Option(help="strict answers only when nearly sure, eager whenever there is a hint."),
    ] = "balanced",
    library: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Ask this library. Each FILE is added to it first."),
    ] = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show what was read and why it was decided so.")] = False,
    questions: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Ask every line of this file (- is standard input); blank lines and lines with # in front are"
            " skipped.",
        ),
    ] = None,
    top_k: Annotated[
        int, typer.Option(metavar="N", min=1, max=1000, help="Passages to read of articles too long to read whole.")
    ] = 8,
    reader: ReaderOption = None,
    embedder: EmbedderOption = None,
) -> int:
    """Answer a question with an exact quote.

    If the articles do not answer it, that is said, and the exit code is 1.

    The last argument is the question, unless a file of that name exists or it reads like a file name: it ends in a
    supported suffix, or it is one word with a slash in it. What ends in a question mark is always a question. All
    arguments before it must exist. Without a question, on a terminal, a prompt asks for them.
    """
    files, asked = _request(words or [], questions)
    if not files and library is None:
        raise UsageError('No article to ask: name a FILE before the "question", - for standard input, or --library.')
    if asked is None and (as_json or STDIN in files or not on_terminal()):
        raise UsageError('No question: give it last, as one argument in "quotes", or give --questions FILE.')
    if asked == []:
        asked = read_questions(questions or STDIN)
    from qa.inputs import checked_question

    for question in asked or []:
        _blaming(question, checked_question, question.text)
    articles = _articles(files)  # a file that cannot be read makes no library
    with open_library(library, reader, embedder, create=bool(files)) as opened:
        if articles:
            opened.add_articles(articles)
        if not len(opened):
            raise UsageError(f"The library {library} is empty: add articles with article-qa index {library} FILE...")
        if asked is None:
            from qa.cli.prompt import converse

            return converse(opened, mode, top_k, trace)
        answers = _answers(opened, asked, mode, top_k)
        _print_json(answers, opened) if as_json else _print(answers, opened, trace)
    return ANSWERED if any(answers) else NOT_IN_THE_TEXT


def to_record(answer: Answer, library: Library) -> dict[str, Any]:
    """Return what ``--json`` prints: the answer, the article it is from, and the line and page it starts on."""
    span = answer.span
    article = library.get(span.article_id) if span else None
    return {
        **answer.to_dict(),
        "article": {"id": article.id, "title": article.title, "source": article.source} if article else None,
        "line": article.line_at(span.start) if article and span else None,
        "page": article.page_at(span.start) if article and span else None,
    }


def _request(words: Sequence[str], questions: str | None) -> tuple[list[str], list[Question] | None]:
    """Return the files and the questions: None for a prompt, empty for those in the file of questions."""
    files, question = split_words(words)
    if questions is None:
        return files, None if question is None else [Question(question)]
    if question is not None:
        raise UsageError(
            f"{question!r} is not a file, and a question and --questions exclude each other: leave one out."
        )
    if questions == STDIN and STDIN in files:
        raise UsageError("Standard input (-) cannot be both the article and the questions.")
    return files, []


def _articles(files: Sequence[str]) -> list[Article]:
    from index.progress import progress

    paths = list(expand(files))
    return [read_article(path) for path in progress(paths, "Reading", len(paths))]


def _answers(library: Library, asked: Sequence[Question], mode: Mode, top_k: int) -> list[Answer]:
    from index.progress import progress

    batches = [asked[at : at + BATCH] for at in range(0, len(asked), BATCH)]
    answers: list[Answer] = []
    for batch in progress(batches, "Answering", len(batches)):
        try:
            answers += library.ask_many([question.text for question in batch], mode=mode, top_k=top_k)
        except UsageError:
            for question in batch:  # find the one to blame
                _blaming(question, library.ask, question.text, None, mode, top_k)
            raise
    return answers


def _blaming(question: Question, call: Any, *arguments: Any) -> None:
    """Make a call; an error in the question then says which question it was."""
    try:
        call(*arguments)
    except UsageError as error:
        raise UsageError(f"{question.origin}: {error}" if question.origin else str(error)) from None


def _print(answers: Sequence[Answer], library: Library, trace: bool) -> None:
    from qa.cli.answers import show

    console = make_console()
    for at, answer in enumerate(answers):
        if at:
            console.print()
        show(answer, library, console, with_question=len(answers) > 1, with_trace=trace)


def _print_json(answers: Sequence[Answer], library: Library) -> None:
    # A file name that is no text becomes the JSON escapes of its surrogates.
    settle_output(errors="backslashreplace", encoding="utf-8")
    for answer in answers:
        sys.stdout.write(json.dumps(to_record(answer, library), ensure_ascii=False) + "\n")
