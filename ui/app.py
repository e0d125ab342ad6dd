"""The web app: a conversation on one side, the article on the other."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, redirect_stdout, suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa import UsageError
from ui import auth, docs_page, origins, theme, tools
from ui.chat import Chat, view
from ui.desk import Desk
from ui.endpoints import attach
from ui.modes import help_texts
from ui.page import layout, wire
from ui.programs import Programs
from ui.session import Session

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    import gradio as gr

    from qa import Embedder, Reader

MAX_UPLOAD = "50mb"
MAX_WAITING = 64


def build(desk: Desk) -> gr.Blocks:
    """Return the app over the articles and models of a desk."""
    _keep_to_ourselves()
    import gradio as gr

    _fetch_nothing()
    with gr.Blocks(title="article-qa", analytics_enabled=False, fill_width=True, delete_cache=(600, 600)) as blocks:
        at = layout(view(Session(desk)), help_texts(desk.libraries[0].calibrator), allow_urls=desk.allow_urls)
        attach(blocks, Programs(desk), MAX_WAITING)  # first: names are given in order, and the page's own need none
        wire(at, Chat(desk), blocks.load)
    return blocks.queue(max_size=MAX_WAITING, default_concurrency_limit=8, api_open=False)


def serve(
    files: Sequence[Path] = (),
    host: str = "127.0.0.1",
    port: int = 7860,
    library: Path | None = None,
    open_browser: bool = False,
    *,
    reader: str | os.PathLike[str] | Reader | None = None,
    embedder: str | os.PathLike[str] | Embedder | None = None,
    allow_urls: bool = False,
    users: str | None = None,
    mcp: bool = False,
) -> None:
    """Serve the app until it is stopped; prints its address when it is up.

    Args:
        files: Articles to open for everybody.
        host: Address to listen on.
        port: Port to listen on; 0 takes any free one.
        library: The folder of a library, which must be there, to open for everybody.
        open_browser: Whether to open the address in a browser, if there is a screen.
        reader: As for ``qa.Library``.
        embedder: As for ``qa.Library``.
        allow_urls: Whether visitors may have pages of the web fetched, from public addresses.
        users: Who may come in, as NAME:PASSWORD, several separated by commas; without any, and without those of
            ``ARTICLE_QA_AUTH``, everybody may.
        mcp: Whether to offer MCP tools, which needs ``article-qa[mcp]``.

    Raises:
        UsageError: The port is taken, the address is not of this computer, a password is missing, or the package is.
        ArticleQAError: A file, the library or a model cannot be opened.
    """
    host, passwords = host.strip("[]"), auth.users(users)
    if mcp:
        tools.check_installed()
    port = _free_port(host, port)
    with tempfile.TemporaryDirectory(prefix="article-qa-") as folder, ThreadPoolExecutor(1) as pool:
        os.environ["GRADIO_TEMP_DIR"] = folder  # uploads live here for the moment that reading them takes
        opening = pool.submit(Desk, files, library, reader=reader, embedder=embedder, allow_urls=allow_urls)
        _keep_to_ourselves()
        import gradio  # noqa: F401  # takes as long as loading the reader, so both at once

        desk = opening.result()
        blocks = build(desk)
        try:
            launch(blocks, host, port, users=passwords, mcp=mcp)
            url = f"http://{_shown(host)}:{port}"
            _announce(url, mcp=mcp, open_to_all=not passwords and not auth.is_loopback(host))
            if open_browser and _has_screen():
                _show_in_browser(url)
            _wait()
        finally:
            blocks.close(verbose=False)
            desk.close()


def launch(
    blocks: gr.Blocks, host: str, port: int, *, users: Mapping[str, str] | None = None, mcp: bool = False
) -> None:
    """Start the server in the background, with nothing that it does not need."""
    with redirect_stdout(StringIO()):  # even quiet, Gradio tells where its MCP tools are
        blocks.launch(
            server_name=f"[{host}]" if ":" in host else host, server_port=port,
            prevent_thread_lock=True, quiet=True, share=False, inbrowser=False, show_error=False,
            auth=list(users.items()) if users else None, mcp_server=mcp, app_kwargs=_app_options(host, users),
            footer_links=[], run_history=False, enable_monitoring=False, ssr_mode=False, pwa=False,
            max_file_size=MAX_UPLOAD, state_session_capacity=1000,
            theme=theme.theme(), css_paths=theme.STYLE, head=theme.head(),
        )  # fmt: skip
    if mcp:
        tools.arrange(blocks)


def _app_options(host: str, users: Mapping[str, str] | None) -> dict[str, Any]:
    """Return how the web server differs from Gradio's: whom it answers, and that it describes the endpoints alone."""
    from gradio.route_utils import get_root_url
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import HTMLResponse, RedirectResponse
    from starlette.routing import Route

    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(docs_page.page(request.app.get_blocks(), get_root_url(request, "/docs", None)))

    @asynccontextmanager
    async def started(app: Any) -> AsyncIterator[None]:
        # Around all other middleware, for Gradio's tells browsers that every web site may go on.
        app.middleware_stack = origins.SameOrigin(app.middleware_stack, host, protected=bool(users))
        yield

    described = [Route("/docs", docs), Route("/openapi.json", lambda _: RedirectResponse("/gradio_api/openapi.json"))]
    guard = [Middleware(auth.BasicAuth, path=tools.PATH, users=users)] if users else []
    return {"openapi_url": None, "routes": described, "middleware": guard, "lifespan": started}


def _announce(url: str, *, mcp: bool, open_to_all: bool) -> None:
    if open_to_all:
        sys.stderr.write(
            "article-qa: whoever reaches this address can use the app: set --auth to ask for a password.\n"
        )
    more = f", its MCP tools at {url}{tools.PATH}/" if mcp else ""
    sys.stdout.write(f"article-qa is at {url}{more} (Ctrl-C stops it)\n")
    sys.stdout.flush()


def _keep_to_ourselves() -> None:
    """Switch off everything by which Gradio and what it is built on would call out."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    for name in ("NO_PROXY", "no_proxy"):  # Gradio asks its own server whether it is up, which no proxy can answer
        here = [part for part in os.environ.get(name, "").split(",") if part]
        os.environ[name] = ",".join(dict.fromkeys([*here, "127.0.0.1", "localhost"]))


def _fetch_nothing() -> None:
    """Have Gradio refuse files that are given by their address, which it would fetch from wherever that is."""
    import gradio as gr
    from gradio import processing_utils

    async def refuse(*_: Any, **__: Any) -> str:
        raise gr.Error("Files are not fetched by their address here: upload the file.", print_exception=False)

    processing_utils.async_ssrf_protected_download = refuse


def _free_port(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError:
            raise UsageError(f"There is no port {port}: choose one from 1 to 65535.") from None
        except PermissionError:
            raise UsageError(f"Port {port} may not be used by this user: choose one above 1023.") from None
        except socket.gaierror:
            raise UsageError(f"There is no address {host!r}: use 127.0.0.1, or 0.0.0.0 for all networks.") from None
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise UsageError(f"{host} is not an address of this computer: use 127.0.0.1 or 0.0.0.0.") from None
            raise UsageError(
                f"Port {port} is taken: stop the program that uses it, or choose another, such as --port {port + 1}."
            ) from None
        return int(probe.getsockname()[1])


def _shown(host: str) -> str:
    """Return the host of an address that a browser on this computer can open."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104


def _has_screen() -> bool:
    """Return whether a browser would open in a window; without a screen, a text browser would take the terminal."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _show_in_browser(url: str) -> None:
    """Open an address in the browser of this computer, if there is one.

    A process of its own does it, with neither our terminal nor our output: browsers are talkative, some are waited
    for until they are closed, and where only a text browser is found, it must not take the terminal.
    """
    nowhere = subprocess.DEVNULL
    with suppress(OSError):
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "webbrowser", url],
            stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True,
        )  # fmt: skip


def _wait() -> None:
    stopped = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    try:
        while not stopped.wait(3600):
            pass
    except KeyboardInterrupt:
        sys.stdout.write("\n")
