"""``article-qa serve``: the web app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from index.errors import UsageError
from qa.cli.inputs import STDIN, checked_files, expand
from qa.cli.options import EmbedderOption, ReaderOption


def serve(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...", help="Articles to open, or folders of them; a sample by default.", show_default=False
        ),
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Address to listen on; 0.0.0.0 lets other computers in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help="Port to listen on.")] = 7860,
    library: Annotated[Path | None, typer.Option(metavar="DIR", help="Open this library.")] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the app in a browser.")] = False,
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Let visitors add web pages by their address; public addresses only.")
    ] = False,
    users: Annotated[
        str | None,
        typer.Option(
            "--auth",
            metavar="NAME:PASSWORD",
            envvar="ARTICLE_QA_AUTH",
            show_envvar=False,
            help="Let in only who knows this password; several users are separated by commas. Other users of this"
            " computer may see it on the command line: better set it as ARTICLE_QA_AUTH.",
        ),
    ] = None,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Offer the endpoints as MCP tools too; needs article-qa[mcp].")
    ] = False,
    reader: ReaderOption = None,
    embedder: EmbedderOption = None,
) -> None:
    """Serve the web app.

    Ask articles in a browser and see the answers in their place. Programs find named endpoints, which
    are described at /docs.
    """
    if STDIN in (files or []):
        raise UsageError("The web app reads files, not standard input (-): save it to a file first.")
    paths = [Path(path) for path in expand(checked_files(files or []))]
    from ui.app import serve as serve_app

    serve_app(
        paths, host, port, library, open_browser,
        reader=reader, embedder=embedder, allow_urls=allow_urls, users=users, mcp=mcp,
    )  # fmt: skip
