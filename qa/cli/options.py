"""Options that several commands share, and the opening of libraries by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from qa import Library

Mode = Literal["strict", "balanced", "eager"]

ReaderOption = Annotated[
    str | None,
    typer.Option(
        "--reader",
        metavar="MODEL",
        envvar="ARTICLE_QA_READER",
        show_envvar=False,
        help="Answer with this question-answering model instead of the bundled one: a folder, or the name of a"
        " downloaded model.",
    ),
]
EmbedderOption = Annotated[
    str | None,
    typer.Option(
        "--embedder",
        metavar="MODEL",
        envvar="ARTICLE_QA_EMBEDDER",
        show_envvar=False,
        help="Find passages with this sentence-transformers model instead of all-MiniLM-L6-v2. A library stays with"
        " the one that built it.",
    ),
]
LibraryArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the library.", show_default=False)]


def open_library(
    folder: Path | None, reader: str | None = None, embedder: str | None = None, *, create: bool = False
) -> Library:
    """Open the library in a folder, or one in memory when there is no folder.

    Raises:
        LibraryError: There is none and ``create`` is false, or it cannot be opened.
    """
    from qa import Library

    return Library(folder, reader=reader, embedder=embedder, create=create)
