"""Under which names the app is asked, and for which pages: no other web site may use it through a visitor's browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ui import auth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.auth import App, Receive, Scope, Send


class SameOrigin:
    """ASGI middleware that refuses what a browser sends for the page of another web site.

    Such a page would ask with the visitor's login, and Gradio lets every page read what it is answered. Programs name
    no page, and go on.

    Args:
        app: The app behind.
        local: Whether only this computer reaches the server. Then it has no other name, and a browser that asks for one
            was led here by whoever owns that name (DNS rebinding).
    """

    def __init__(self, app: App, *, local: bool) -> None:
        self._app, self._local = app, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why not."""
        from starlette.datastructures import Headers
        from starlette.responses import PlainTextResponse

        problem = self._problem(Headers(scope=scope)) if scope["type"] == "http" else ""
        await (PlainTextResponse(problem, 403) if problem else self._app)(scope, receive, send)

    def _problem(self, headers: Mapping[str, str]) -> str:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._local and not auth.is_loopback(_place(f"//{host}")[0]):
            return (
                f"Only this computer reaches this server, as 127.0.0.1 or localhost, and {host!r} was asked for:"
                " a proxy must send one of those as Host, and its own name as X-Forwarded-Host."
            )
        if origin is None:
            return ""
        # A browser asks before it lets a foreign page set such a header, and that question is refused here.
        forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip()
        scheme, page = origin.partition("://")[0], _place(origin)
        if page[0] and page in [_place(f"{scheme}://{name}") for name in (host, forwarded)]:
            return ""
        return f"The page {origin!r} may not use this server, {forwarded or host!r}: open it in a tab of its own."


def _place(url: str) -> tuple[str, int]:
    """Return the host and the port of an address; no host where it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return "", 0
