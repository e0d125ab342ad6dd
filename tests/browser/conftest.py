"""A real server, and a real browser that watches what the page asks for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from steps import wait_for_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
TIMEOUT = 60_000  # milliseconds; a busy two-core machine is slow to start a browser and to read

# The server as `article-qa serve` runs it, in a process whose network ends at this computer: whatever it tries to
# reach elsewhere is written down and refused.
SERVER = """
import socket, sys
record, here = sys.argv[1], {"127.0.0.1", "::1", "localhost", "", None, b"127.0.0.1", b"localhost"}
def refuse(host):
    with open(record, "a") as file:
        print(host, file=file)
    raise OSError(f"No network: {host}")
connect, look_up = socket.socket.connect, socket.getaddrinfo
def guarded(self, address):
    return connect(self, address) if not isinstance(address, tuple) or address[0] in here else refuse(address[0])
socket.socket.connect = guarded
socket.getaddrinfo = lambda host, *more, **named: look_up(host, *more, **named) if host in here else refuse(host)
from ui.app import serve
serve(port=0)
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the tests are skipped, but fail where CI is set."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        message = "There is no chromium or google-chrome on the PATH: install one to run the browser tests."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the app runs; at the end, that its server reached for nothing but this computer."""
    folder = tmp_path_factory.mktemp("server")
    record, output = folder / "network.txt", folder / "output.txt"
    with output.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(record)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("GRADIO_")},
        )
        assert server.stdout
        line = server.stdout.readline()
        assert line.startswith("article-qa is at http://127.0.0.1:"), line + output.read_text()
        yield line.split()[3]
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0, output.read_text()
    assert "Traceback" not in output.read_text(), output.read_text()
    assert not record.exists(), f"the server tried to reach {record.read_text()}"


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the app as a new visitor; afterwards, that the page was quiet and stayed on this computer."""
    visits, complaints, elsewhere = [], list[str](), list[str]()

    def open_page(width: int = 1440, height: int = 900, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(TIMEOUT)
        visits.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: _answer(dialog, complaints))
        page.on("request", lambda r: None if _is_here(r.url, address) else elsewhere.append(r.url))
        page.on("response", lambda r: complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.goto(address)
        wait_for_app(page)
        return page

    yield open_page
    for context in visits:
        context.close()
    assert not complaints
    assert not elsewhere


def _answer(dialog: Dialog, complaints: list[str]) -> None:
    """Leave when the page asks whether to: a conversation would be lost. It asks nothing else."""
    if dialog.type == "beforeunload":
        dialog.accept()
    else:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


def _is_here(url: str, address: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.netloc == urlsplit(address).netloc


@pytest.fixture
def shots() -> Path | None:
    """Where to leave screenshots, if anybody wants them."""
    folder = os.environ.get("ARTICLE_QA_SHOTS")
    return Path(folder) if folder else None
