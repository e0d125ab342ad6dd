"""Starting the app: what is switched off, what is printed, what is refused; and colours that can be read."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from gradio_client.exceptions import AuthenticationError
from serving import client, running
from ui_toys import NoEmbedder, WordReader

import qa
from qa import LibraryError, UsageError
from qa.cli import main
from ui import app, auth, theme, tools
from ui.desk import Desk


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    code = "import sys, ui.app; sys.exit(any(m in sys.modules for m in ('gradio', 'torch', 'transformers', 'faiss')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_taken_port_is_named_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=rf"Port {port} is taken.*--port {port + 1}") as error:
            app.serve(port=port)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "port", "message"), [("203.0.113.7", 0, "not an address"), ("127.0.0.1", 70000, "no port 70000")]
)
def test_addresses_that_cannot_be_listened_on(host: str, port: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        app.serve(host=host, port=port)


def test_a_library_that_is_not_there_is_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[qa.Library] = []
    monkeypatch.setattr(qa.Library, "close", lambda library: closed.append(library))
    with pytest.raises(LibraryError, match="There is no library in .*typo") as error:
        Desk(folder=tmp_path / "typo", reader=WordReader(), embedder=NoEmbedder())
    assert "\n" not in str(error.value)
    assert not (tmp_path / "typo").exists()
    assert len(closed) == 1  # the library of the bundled articles, which nobody else could close


def test_a_library_that_another_embedder_built_is_refused_at_the_start(tmp_path: Path) -> None:
    class Other(NoEmbedder):
        fingerprint = "other"

    with qa.Library(tmp_path, reader=WordReader(), embedder=Other()) as library:
        library.add("Plums grow in Visby.")
    with pytest.raises(LibraryError, match="embedder"):
        Desk(folder=tmp_path, reader=WordReader(), embedder=NoEmbedder())
    Desk(folder=tmp_path, reader=WordReader(), embedder=Other()).close()


@pytest.mark.parametrize(("open_browser", "screen"), [(True, True), (True, False), (False, True)])
def test_a_browser_is_opened_where_there_is_a_screen(
    open_browser: bool, screen: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(app, "build", lambda _: SimpleNamespace(close=lambda verbose: None))
    monkeypatch.setattr(app, "launch", lambda *_, **__: None)
    monkeypatch.setattr(app, "_wait", lambda: None)
    monkeypatch.setattr(app, "_show_in_browser", opened.append)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    if screen:
        monkeypatch.setenv("DISPLAY", ":0")
    app.serve(port=0, open_browser=open_browser, reader=WordReader(), embedder=NoEmbedder())
    output = capsys.readouterr()
    assert output.out.startswith("article-qa is at http://127.0.0.1:")
    assert output.err == ""
    assert opened == ([output.out.split()[3]] if open_browser and screen else [])


def test_a_browser_neither_talks_nor_is_waited_for(tmp_path: Path) -> None:
    browser, record = tmp_path / "browser", tmp_path / "record"
    browser.write_text(
        f"#!{sys.executable}\nimport sys, time\nprint('noise', flush=True)\nprint('noise', file=sys.stderr)\n"
        f"open({str(record)!r}, 'w').write(sys.argv[1] + repr(sys.stdin.read()))\ntime.sleep(3)\n"
    )
    browser.chmod(0o700)
    code = "from ui.app import _show_in_browser as show; show('http://127.0.0.1:7860')"
    for command in (browser, tmp_path / "nonsense"):  # the second, with no other on the PATH: none is found
        environment = {"BROWSER": str(command), "PATH": "", "DISPLAY": ":0"}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, env=environment, check=False, timeout=60,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    until = time.monotonic() + 30
    while not (record.exists() and record.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    assert record.read_text() == "http://127.0.0.1:7860''"


def test_the_app_keeps_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_DISABLE_TELEMETRY", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "example.org" if "proxy" in name.lower() else "True")
    app._keep_to_ourselves()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["NO_PROXY"] == "example.org,127.0.0.1,localhost"
    head = theme.head() + theme.STYLE.read_text("utf-8")
    assert set(re.findall(r"https?://[^'\" )]+", head)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in head


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, {}),
        ("ann:a", {"ann": "a"}),
        ("ann:a:b, bob:c d", {"ann": "a:b", "bob": "c d"}),
    ],
)
def test_users_and_their_passwords(given: str | None, found: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARTICLE_QA_AUTH", raising=False)
    assert auth.users(given) == found


@pytest.mark.parametrize("given", ["", " ", ",", "secret", "ann:", ":secret", "ann:secret,", "ann:secret,secret"])
def test_users_without_a_password_are_refused_and_nothing_is_told(given: str) -> None:
    with pytest.raises(UsageError, match="NAME:PASSWORD") as error:
        app.serve(users=given)
    assert "secret" not in str(error.value)


def test_a_password_is_asked_for() -> None:
    with running(users={"ann": "right", "bob": "other"}) as address:
        for path in ("/config", "/openapi.json", "/gradio_api/info"):
            assert httpx.get(address + path, follow_redirects=True).status_code == 401
        asked = {"data": ["Is it here?", "It is here.", [], "eager", ""]}
        for way in ("run", "call"):
            assert httpx.post(f"{address}/gradio_api/{way}/ask", json=asked).status_code == 401
        assert "What would you like" not in httpx.get(address).text
        for wrong in (None, ("ann", "wrong"), ("ann", "other"), ("eve", "right")):
            with pytest.raises((AuthenticationError, ValueError), match="(?i)log ?in|authentication"):
                client(address, auth=wrong)
        for name, password in (("ann", "right"), ("bob", "other")):
            program = client(address, auth=(name, password))
            assert program.predict("Is it here?", text="It is here.", api_name="/ask")["text"] == "here"


@pytest.mark.parametrize(
    ("host", "users", "warned"),
    [("127.0.0.1", None, False), ("::1", None, False), ("localhost", None, False), ("::", "ann:a", False)]
    + [("192.168.0.2", None, True), ("::", None, True), ("", None, True)],
)
def test_a_server_that_is_open_to_everybody_says_so(
    host: str, users: str | None, warned: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr(app, "build", lambda _: SimpleNamespace(close=lambda verbose: None))
    monkeypatch.setattr(app, "launch", lambda *_, **named: given.update(named))
    monkeypatch.setattr(app, "_wait", lambda: None)
    monkeypatch.setattr(app, "_free_port", lambda *_: 7861)
    app.serve(host=host, users=users, mcp=True, reader=WordReader(), embedder=NoEmbedder())
    output = capsys.readouterr()
    assert output.err.count("\n") == output.err.count("--auth") == int(warned)
    assert output.out.count("\n") == 1 and f":7861{tools.PATH}/ " in output.out
    assert given == {"users": auth.users(users), "mcp": True}


@pytest.mark.parametrize("by", ["option", "environment"])
def test_the_command_line_passes_them_on(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}
    monkeypatch.setattr("ui.app.serve", lambda *_, **named: given.update(named))
    if by == "environment":
        monkeypatch.setenv("ARTICLE_QA_AUTH", "ann:a,bob:b c")
    with pytest.raises(SystemExit):
        main(["serve", "--mcp", *(["--auth", "ann:a,bob:b c"] if by == "option" else [])])
    assert (given["users"], given["mcp"]) == ("ann:a,bob:b c", True)


@pytest.mark.parametrize("empty", ["", " "])
@pytest.mark.parametrize("by", ["option", "environment"])
def test_an_empty_password_lets_nobody_in(
    by: str, empty: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where the variable that was to hold it is not set."""
    monkeypatch.setattr(app, "build", lambda _: pytest.fail("the app is served"))
    if by == "environment":
        monkeypatch.setenv("ARTICLE_QA_AUTH", empty)
    with pytest.raises(SystemExit) as end:
        main(["serve", *(["--auth", empty] if by == "option" else [])])
    assert end.value.code == 2
    assert "ARTICLE_QA_AUTH is empty: write NAME:PASSWORD" in capsys.readouterr().err


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """By WCAG 2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_can_be_read_on_every_background(scheme: int) -> None:
    rules = re.findall(r"\.gradio-container(?:\.dark)? \{(.*?)\n\}", theme.STYLE.read_text("utf-8"), re.S)
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rules[0])) | dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6});", rules[scheme])
    )
    pairs = [(text, back) for text in ("ink", "soft") for back in ("paper", "closest")]
    pairs += [
        ("ink", "sentence"),
        ("ink", "mention"),
        ("on-answer", "answer"),
        ("accent", "paper"),
        ("accent", "closest"),
    ]
    pairs += [("alarm", "alarm-fill"), ("paper", "accent")]
    for text, back in pairs:
        assert contrast(colour[text], colour[back]) >= 4.5, (text, back)
