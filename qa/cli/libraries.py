"""``article-qa index``, ``list`` and ``remove``: a library in a folder."""

from __future__ import annotations

import json
import sys
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import InputError, UsageError
from qa.cli.commands import complain
from qa.cli.inputs import check_standard_input, checked_files, expand, read_article
from qa.cli.options import EmbedderOption, LibraryArgument, ReaderOption, open_library
from qa.cli.screen import counted, make_console, make_table, one_line, settle_output

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Article, Library

DONE, UNREADABLE = 0, 3
BATCH = 16  # files that are embedded and saved together
FEWEST_DIGITS = 4  # of an id; fewer are as soon a number in a list, or a mistyped title


def index(
    folder: LibraryArgument,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="Articles, folders whose articles are all added (hidden files are left out), or - for standard input.",
            show_default=False,
        ),
    ],
    reader: ReaderOption = None,
    embedder: EmbedderOption = None,
) -> int:
    """Add articles to a library.

    The library is made if there is none. An article that is already there is not added again. Files that cannot be
    read are named, and the others are added all the same; the exit code is then 3.
    """
    failures: list[str] = []
    paths = _expanded(files, failures)
    for failure in failures:
        complain(failure)
    batches = _batches(paths, failures)
    first = next(batches, None)
    if first is None:
        return UNREADABLE  # and no library is made for nothing
    added = known = 0
    with open_library(folder, reader, embedder, create=True) as library:
        for articles in chain([first], batches):
            for (path, article), new in zip(articles, library.add_articles([a for _, a in articles]), strict=True):
                added, known = added + new, known + (not new)
                _say(*(("added", f"{path}: {article.title}") if new else ("unchanged", f"{path}: already there")))
            sys.stdout.flush()
        unreadable = f", {len(failures)} unreadable" if failures else ""
        _say(f"{added} added, {known} already there{unreadable}. {folder} has {counted(len(library), 'article')}.")
    return UNREADABLE if failures else DONE


def list_articles(
    folder: LibraryArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON: one article on each line.")] = False,
    embedder: EmbedderOption = None,
) -> int:
    """List the articles of a library.

    Id, title, date and source of each; separated by tabs when piped.
    """
    with open_library(folder, embedder=embedder) as library:
        articles = library.articles
    if as_json:
        settle_output(errors="backslashreplace", encoding="utf-8")
        for article in articles:
            about = {key: value for key, value in article.to_dict().items() if key not in {"text", "pages"}}
            about |= {"characters": len(article.text), "pages": len(article.pages) or None}
            sys.stdout.write(json.dumps(about, ensure_ascii=False) + "\n")
    elif articles:
        _print_table(articles)
    else:
        sys.stderr.write(f"{folder} has no articles.\n")
    return DONE


def remove(
    folder: LibraryArgument,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="Ids as listed, or at least the first 4 digits of one, or the exact title, as long as only one article"
            " fits.",
            show_default=False,
        ),
    ],
    embedder: EmbedderOption = None,
) -> int:
    """Remove articles from a library.

    All that are named are removed, or none if one of them is not there.
    """
    with open_library(folder, embedder=embedder) as library:
        chosen = {article.id: article for article in (_named(name, library) for name in names)}
        library.remove(*chosen)
        for article in chosen.values():
            _say("removed", f"{article.id} {article.title}")
        _say(f"{folder} has {counted(len(library), 'article')}.")
    return DONE


def _expanded(files: Sequence[str], failures: list[str]) -> list[str]:
    check_standard_input(files)
    paths: list[str] = []
    for file in files:  # one by one: those that are missing do not stop the others
        try:
            paths.extend(expand(checked_files([file])))
        except InputError as error:
            failures.append(str(error))
    return paths


def _batches(paths: Sequence[str], failures: list[str]) -> Iterator[list[tuple[str, Article]]]:
    """Yield what can be read, with its path, a batch at a time; say what cannot, and note it."""
    for at in range(0, len(paths), BATCH):
        if articles := _read(paths[at : at + BATCH], failures):
            yield articles


def _read(paths: Sequence[str], failures: list[str]) -> list[tuple[str, Article]]:
    from index.progress import progress

    articles: list[tuple[str, Article]] = []
    complaints: list[str] = []
    for path in progress(paths, "Reading", len(paths)):
        try:
            articles.append((path, read_article(path)))
        except InputError as error:
            complaints.append(str(error))
    for complaint in complaints:  # not while a progress bar is on the screen
        complain(complaint)
    failures += complaints
    return articles


def _named(name: str, library: Library) -> Article:
    """Return the only article that a name fits: its id, the exact title, or the beginning of its id.

    Raises:
        UsageError: None fits, or several do.
    """
    articles = library.articles
    for fits in (
        [a for a in articles if a.id == name],
        [a for a in articles if name and a.title == name],
        [a for a in articles if len(name) >= FEWEST_DIGITS and a.id.startswith(name)],
    ):
        if len(fits) > 1:
            several = "; ".join(f"{a.id} ({a.title})" for a in fits[:5])
            raise UsageError(f"{name!r} fits {len(fits)} articles, {several}: give more of the id.")
        if fits:
            return fits[0]
    raise UsageError(
        f"There is no article {name!r} here: give the exact title, or at least {FEWEST_DIGITS} digits of the id, as"
        " article-qa list shows them."
    )


def _say(what: str, rest: str = "") -> None:
    settle_output(errors="replace")
    sys.stdout.write(f"{what:<10} {one_line(rest)}\n" if rest else f"{one_line(what)}\n")


def _print_table(articles: Sequence[Article]) -> None:
    rows = [[one_line(cell or "") for cell in (a.id, a.title, a.published, a.source)] for a in articles]
    console = make_console()
    if not console.is_terminal:
        for row in rows:
            sys.stdout.write("\t".join(row) + "\n")
        return
    table = make_table("Id|Title|Date|Source")
    for row in rows:
        table.add_row(*row)
    console.print(table)
