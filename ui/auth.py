"""Who may use the app: names and passwords, and the check of callers that bring them along with each request."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from qa import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, MutableMapping

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]


def users(given: str | None) -> dict[str, str]:
    """Return the passwords by name of ``NAME:PASSWORD``, several of which are separated by commas.

    Without any given, those of ``ARTICLE_QA_AUTH`` count: where it is empty, the command line does not pass it on.

    Raises:
        UsageError: One of them has no name or no password, or there is none, as where a variable is not set.
    """
    given = os.environ.get("ARTICLE_QA_AUTH") if given is None else given
    if given is None:
        return {}
    if not given.strip():
        raise UsageError(
            "--auth or ARTICLE_QA_AUTH is empty: write NAME:PASSWORD, or leave it out to let everybody in."
        )
    found: dict[str, str] = {}
    for number, entry in enumerate(given.split(","), 1):
        name, _, password = entry.partition(":")
        if not name.strip() or not password:
            raise UsageError(
                f"User {number} of --auth has no name or no password: write NAME:PASSWORD, and a comma between several."
            )
        found[name.strip()] = password
    return found


def is_loopback(host: str) -> bool:
    """Return whether only this computer reaches an address."""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


class BasicAuth:
    """ASGI middleware that lets nobody without a password to a path; Gradio's login does not guard what it mounts.

    Args:
        app: The app behind.
        path: What the paths begin with.
        users: Passwords by name.
    """

    def __init__(self, app: App, path: str, users: Mapping[str, str]) -> None:
        self._app, self._path, self._users = app, path, users

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that a password is needed."""
        if scope["type"] != "http" or not scope["path"].startswith(self._path) or self._knows(scope):
            await self._app(scope, receive, send)
            return
        from starlette.responses import PlainTextResponse

        message = "Give your name and password as HTTP basic authentication."
        headers = {"WWW-Authenticate": 'Basic realm="article-qa"'}
        await PlainTextResponse(message, 401, headers)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        value = dict(scope["headers"]).get(b"authorization", b"")
        scheme, _, encoded = value.partition(b" ")
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        expected = self._users.get(name, "")  # which is no user's password
        right = hmac.compare_digest(password.encode(), expected.encode())
        return scheme.lower() == b"basic" and bool(expected) and right
