"""Fetching keeps to public addresses, also after a redirect, and to its limits; the server here is a local one."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.errors import InputError
from qa.fetch import fetch, is_public

PAGE = b"<html><head><title>The ferry</title></head><body><article><h1>The ferry</h1><p>%s</p></article></body></html>"
WORDS = b"The night ferry to Gotland is steered by Captain Elsa Lind, who has done so for eleven years. " * 4


# How answers begin that go on with one letter after the other; no name of a packed file is part of its text.
TEXT = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
DRIPS = {
    "/drip/headers": TEXT + b"X-Name: ",
    "/drip/text": TEXT + b"\r\n",
    "/drip/packed": TEXT + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6),
}
REDIRECTS = {"/to-page": "/page", "/round": "/round", "/to-file": "file:///etc/passwd"}


class Site(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_GET(self) -> None:
        Site.seen.append(self.headers["Host"])
        if self.path in DRIPS:
            self.drip(DRIPS[self.path])
            return
        headers, body = {"Content-Type": "text/html; charset=utf-8"}, PAGE % WORDS
        to_inside = f"http://127.0.0.2:{self.server.server_address[1]}/page"
        target = {**REDIRECTS, "/to-inside": to_inside}.get(self.path)
        match self.path:
            case "/bomb":
                headers["Content-Encoding"], body = "gzip", gzip.compress(b"a " * 400_000)
            case "/slow":
                time.sleep(1.5)
            case "/image":
                headers["Content-Type"] = "image/png"
            case "/notes.txt":
                headers["Content-Type"], body = "text/plain", b"Plums grow in Visby."
        self.send_response(302 if target else 404 if self.path == "/gone" else 200)
        for name, value in {**headers, **({"Location": target} if target else {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):  # the other end has hung up
            self.wfile.write(body)

    def drip(self, beginning: bytes) -> None:
        self.close_connection = True
        with suppress(OSError):  # the other end has hung up
            self.wfile.write(beginning)
            for _ in range(400):
                time.sleep(0.05)
                self.wfile.write(b"x")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site whose address counts as public, while all others of this computer do not."""
    monkeypatch.setattr("qa.fetch.is_public", lambda address: address == "127.0.0.1" or is_public(address))
    Site.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_becomes_an_article(site: str) -> None:
    article = fetch(f"{site}/to-page#part")
    assert article.title == "The ferry"
    assert "Captain Elsa Lind" in article.text
    assert article.source == f"{site}/page"
    assert Site.seen == [site.removeprefix("http://")] * 2
    assert fetch(f"{site}/notes.txt").text == "Plums grow in Visby."


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/to-inside", "127.0.0.2 is not on the public internet"),
        ("/to-file", "no web address"),
        ("/round", "more than 5 times"),
        ("/bomb", "more than 0 MB"),
        ("/slow", "too long"),
        ("/image", "image/png"),
        ("/gone", "404"),
    ],
)
def test_what_is_refused(site: str, path: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        fetch(site + path, max_bytes=100_000, max_seconds=1.0)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("path", DRIPS)
def test_a_server_that_drips_is_not_waited_for(site: str, path: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputError, match=f"{path} takes too long to arrive"):
        fetch(site + path, max_seconds=0.5)
    assert time.monotonic() - started < 10  # it would go on for twenty seconds


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "0.1.2.3", "100.64.0.1", "224.0.0.1"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:7f00:1::", "ff0e::1", "fec0::1", "64:ff9b:1::7f00:1", "::127.0.0.1"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://127.0.0.1/", "not on the public internet"),
        ("http://[::1]:8000/", "not on the public internet"),
        ("http://2130706433/", "not on the public internet|cannot be fetched"),
        ("ftp://example.org/x", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("example.org", "no web address"),
        ("https://user:pass@example.org/", "password"),
        ("", "no web address"),
        ("http://[", "cannot be fetched"),
    ],
)
def test_addresses_that_are_never_asked(address: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        fetch(address)


def test_a_name_with_one_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("qa.fetch.socket.getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(InputError, match="example.org is not on the public internet"):
        fetch("http://example.org/")
