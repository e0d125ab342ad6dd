"""Under which names the app is asked, and for which pages: no other web site may use it through a visitor's browser."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui import auth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.auth import App, Receive, Scope, Send

# names that a network gives out for itself (RFC 6762, RFC 8375, ICANN's .internal, routers' .lan): nobody can own one
_LOCAL_DOMAINS = (".local", ".localhost", ".internal", ".home.arpa", ".lan")


class SameOrigin:
    """ASGI middleware that refuses what a browser sends for the page of another web site.

    Such a page would ask with the visitor's login, and Gradio lets every page read what it is answered. Programs name
    no page, and go on. A page can also lead its visitor's browser here under a name that its site owns (DNS
    rebinding), so a server that asks for no password answers to no name that anybody could own.

    Args:
        app: The app behind.
        host: Address that the server listens on.
        protected: Whether visitors must log in. Then the server has whatever name leads to it.
    """

    def __init__(self, app: App, host: str, *, protected: bool) -> None:
        self._app, self._own, self._protected = app, host.lower(), protected
        self._local = auth.is_loopback(host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why not."""
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        problem = self._problem(Headers(scope=scope)) if scope["type"] == "http" else ""
        await (PlainTextResponse(problem, 403) if problem else self._app)(scope, receive, send)

    def _problem(self, headers: Mapping[str, str]) -> str:
        host, origin = headers.get("host", ""), headers.get("origin")
        if problem := self._foreign_name(host):
            return problem
        if origin is None:
            return ""
        # A browser asks before it lets a foreign page set such a header, and that question is refused here.
        forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip()
        scheme, page = origin.partition("://")[0], _place(origin)
        if page[0] and page in [_place(f"{scheme}://{name}") for name in (host, forwarded)]:
            return ""
        return f"The page {origin!r} may not use this server, {forwarded or host!r}: open it in a tab of its own."

    def _foreign_name(self, host: str) -> str:
        """Return what is wrong with the name that the server is asked under, if anything is."""
        name = _place(f"//{host}")[0]
        if self._local and not auth.is_loopback(name):
            return (
                f"Only this computer reaches this server, as 127.0.0.1 or localhost, and {host!r} was asked for:"
                " a proxy must send one of those as Host, and its own name as X-Forwarded-Host."
            )
        own = name in (self._own, socket.gethostname().lower())
        if self._local or self._protected or own or _is_of_this_network(name):
            return ""
        return (
            f"Without a password, this server is reached by its address or a name within its network, and {host!r} was"
            " asked for: start it with --auth, or use its address."
        )


def _is_of_this_network(name: str) -> bool:
    """Return whether nobody outside could make this name lead here: an address, or a name that no registry sells."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return bool(name) and ("." not in name or name.endswith(_LOCAL_DOMAINS))
    return True


def _place(url: str) -> tuple[str, int]:
    """Return the host and the port of an address; no host where it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", 0
