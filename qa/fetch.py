"""Articles from the web: one page or file, from public addresses only, within limits of size and time."""

from __future__ import annotations

import ipaddress
import socket
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import InputError
from index.loaders import SUFFIXES, load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from index.article import Article

MAX_BYTES = 20_000_000
MAX_SECONDS = 30.0
MAX_REDIRECTS = 5
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/epub+zip": ".epub",
}
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that is assigned of it; what is left has other uses
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def fetch(address: str, *, max_bytes: int = MAX_BYTES, max_seconds: float = MAX_SECONDS) -> Article:
    """Fetch a page or a file and read it into an article whose source is its address.

    Every host on the way, that of each redirect too, must have only public addresses, and the connection goes to one
    that was checked: a name cannot mean another computer a moment later. Proxies of the environment are not used.

    Raises:
        InputError: It is no web address, not public, too large or too slow, cannot be reached or cannot be read.
    """
    import httpx

    from qa.deadline import DeadlineTransport

    transport = DeadlineTransport(time.monotonic() + max_seconds)
    client = httpx.Client(transport=transport, timeout=max_seconds, trust_env=False, follow_redirects=False)
    with _plainly(address), client:
        url = _checked(address)
        for _ in range(MAX_REDIRECTS + 1):
            with _opened(client, url) as response:
                if not response.has_redirect_location:
                    response.raise_for_status()
                    data = _body(response, max_bytes)
                    return replace(load_bytes(data, _name(url, response)), source=str(url))
                url = _checked(str(url.join(response.headers["location"])))
    raise InputError(f"{address} leads from one address to the next more than {MAX_REDIRECTS} times.")


def is_public(address: str) -> bool:
    """Return whether an IP address can be reached from the whole internet, in whatever it is wrapped."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


@contextmanager
def _plainly(address: str) -> Iterator[None]:
    """Turn whatever goes wrong on the way into one line."""
    import httpx

    try:
        yield
    except httpx.HTTPStatusError as error:
        raise InputError(f"{address} answers {error.response.status_code}: there is nothing to read.") from None
    except httpx.TimeoutException:
        raise InputError(f"{address} takes too long to arrive: download it and add the file.") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise InputError(f"{address} cannot be fetched ({type(error).__name__}: {error}).") from None


def _checked(address: str) -> httpx.URL:
    import httpx

    url = httpx.URL(address.strip())
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError(f"{address!r} is no web address: it must begin with https:// or http://.")
    if url.userinfo:
        raise InputError(f"{url.host}: an address with a name or password in it is not fetched.")
    return url


@contextmanager
def _opened(client: httpx.Client, url: httpx.URL) -> Iterator[httpx.Response]:
    """Ask one of the host's own, checked addresses, under the host's name."""
    ip = _public_address(url)
    request = client.build_request(
        "GET",
        url.copy_with(host=ip),
        headers={"Host": url.netloc.decode("ascii"), "User-Agent": "article-qa"},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = client.send(request, stream=True)
    try:
        yield response
    finally:
        response.close()


def _public_address(url: httpx.URL) -> str:
    host = url.raw_host.decode("ascii")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(map(is_public, found)):
        raise InputError(f"{url.host} is not on the public internet: only public addresses are fetched.")
    return found[0]


def _body(response: httpx.Response, max_bytes: int) -> bytes:
    data = bytearray()
    for piece in response.iter_bytes():
        data += piece
        if len(data) > max_bytes:
            raise InputError(f"It has more than {max_bytes / 1e6:,.0f} MB: download it and add the file.")
    return bytes(data)


def _name(url: httpx.URL, response: httpx.Response) -> str:
    """Return a file name whose suffix says what arrived: what the server says it is, or else the address."""
    path = PurePosixPath(unquote(url.path))
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind in _KINDS:
        return (path.stem or url.host) + _KINDS[kind]
    if path.suffix.lower() in SUFFIXES:
        return path.name
    raise InputError(f"{url.host} sends {kind or 'something without a type'}, which is no text that can be read.")
