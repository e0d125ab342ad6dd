"""Other web sites, which must not use the app through a visitor's browser, and who must go on using it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from serving import client, running, toy_desk

from ui import app, tools

EVIL = "https://evil.example"
ASKED = {"data": ["Is it here?", "It is here.", [], "eager", ""]}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running(mcp=True) as address:
        yield address


@contextmanager
def on_all_networks(users: dict[str, str] | None) -> Iterator[str]:
    blocks, port = app.build(toy_desk()), app._free_port("0.0.0.0", 0)  # noqa: S104
    try:
        app.launch(blocks, "0.0.0.0", port, users=users)  # noqa: S104
        yield f"http://127.0.0.1:{port}"
    finally:
        blocks.close(verbose=False)


@pytest.fixture(scope="module")
def public() -> Iterator[str]:
    """A server that other computers reach, with a password."""
    with on_all_networks({"ann": "right"}) as address:
        yield address


@pytest.fixture(scope="module")
def open_to_all() -> Iterator[str]:
    """A server that other computers reach, without a password."""
    with on_all_networks(None) as address:
        yield address


def asks(address: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.post(f"{address}/gradio_api/run/ask", json=ASKED, headers=named, timeout=60)


def is_refused(response: httpx.Response) -> bool:
    assert "access-control-allow-origin" not in response.headers
    return response.status_code == 403 and response.text.count("\n") == 0 and len(response.text) > 20


def test_the_own_page_and_programs_are_answered(address: str) -> None:
    port = address.rsplit(":", 1)[1]
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "127.1.2.3", "[::1]"):
        for origin in ({}, {"Origin": f"http://{host}:{port}"}):
            assert asks(address, Host=f"{host}:{port}", **origin).status_code == 200
    assert asks(address, Host="localhost:80", Origin="http://localhost").status_code == 200
    assert client(address).predict("Is it here?", text="It is here.", api_name="/ask")["text"] == "here"


@pytest.mark.parametrize(
    "origin", [EVIL, "http://127.0.0.1:1", "http://localhost", "null", "", "http://", "http://[", "x"]
)
def test_other_pages_are_not(address: str, origin: str) -> None:
    assert is_refused(asks(address, Origin=origin))
    for path in ("/", "/config", "/gradio_api/info", f"{tools.PATH}/schema"):
        assert is_refused(httpx.get(address + path, headers={"Origin": origin}))


def test_a_browser_is_not_told_that_another_page_may_go_on(address: str, public: str) -> None:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-forwarded-host"}
    for server, host in ((address, "localhost"), (public, "qa.example.org")):
        headers = {"Host": host, "Origin": EVIL, **wanted}
        assert is_refused(httpx.options(f"{server}/gradio_api/run/ask", headers=headers))


@pytest.mark.parametrize(
    "host", ["evil.example:{port}", "evil.example", "localhost.evil.example", "192.168.0.2", "[", ""]
)
def test_a_foreign_name_that_leads_here_is_refused(address: str, host: str) -> None:
    host = host.format(port=address.rsplit(":", 1)[1])
    for more in ({}, {"Origin": f"http://{host}"}, {"X_Forwarded_Host": "localhost"}):
        assert is_refused(asks(address, Host=host, **more))


@pytest.mark.parametrize(
    "host", ["192.168.0.2:7860", "[fe80::1]", "newsroom", "Newsroom.local:80", "qa.svc.cluster.local", "desk.lan"]
)
def test_without_a_password_names_of_the_own_network_are_answered(open_to_all: str, host: str) -> None:
    assert asks(open_to_all, Host=host, Origin=f"http://{host}").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example:7860", "local.evil.example", "192.168.0.2.evil.example", "evil.example.", ""]
)
def test_without_a_password_a_name_that_anybody_could_own_is_refused(open_to_all: str, host: str) -> None:
    for more in ({}, {"Origin": f"http://{host}"}, {"X_Forwarded_Host": "192.168.0.2"}):
        refused = asks(open_to_all, Host=host, **more)
        assert is_refused(refused) and "--auth" in refused.text


def test_a_server_has_the_name_of_its_computer(open_to_all: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_refused(asks(open_to_all, Host="Desk7.example.org"))
    monkeypatch.setattr(socket, "gethostname", lambda: "desk7.Example.org")
    assert asks(open_to_all, Host="Desk7.example.org").status_code == 200


@pytest.mark.parametrize("host", ["qa.example.org", "127.0.0.1:7860"])
def test_a_proxy_with_https_says_what_it_is_called(address: str, public: str, host: str) -> None:
    forwarded = {"Host": host, "X_Forwarded_Host": "qa.example.org", "X_Forwarded_Proto": "https"}
    servers = [public, *([address] if host.startswith("127.") else [])]  # to this computer alone, it gives our name
    for server in servers:
        own = asks(server, **forwarded, Origin="https://qa.example.org")
        assert own.status_code == (401 if server == public else 200)
        assert is_refused(asks(server, **forwarded, Origin=EVIL))
        assert is_refused(asks(server, **forwarded, Origin="https://qa.example.org:8443"))
    several = {**forwarded, "X_Forwarded_Host": "qa.example.org, inner.example.org"}
    assert asks(public, **several, Origin="https://qa.example.org:443").status_code == 401
    page = httpx.get(f"{address}/docs", headers={"X-Forwarded-Host": "qa.example.org", "X-Forwarded-Proto": "https"})
    assert "https://qa.example.org" in page.text and "127.0.0.1" not in page.text


def test_a_login_is_of_no_use_to_another_page(public: str) -> None:
    with httpx.Client(base_url=public, headers={"Host": "qa.example.org"}) as browser:
        own = {"Origin": "http://qa.example.org"}
        login = {"username": "ann", "password": "right"}
        assert is_refused(browser.post("/login", data=login, headers={"Origin": EVIL}))
        assert browser.post("/login", data=login, headers=own).status_code == 200
        cookie = {"Cookie": "; ".join(f"{held.name}={held.value}" for held in browser.cookies.jar)}
        path = "/gradio_api/run/articles"
        assert browser.post(path, json={"data": [""]}, headers={**own, **cookie}).status_code == 200
        assert is_refused(browser.post(path, json={"data": [""]}, headers={"Origin": EVIL, **cookie}))
