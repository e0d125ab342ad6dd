"""Starting the app: what is switched off, what is printed, what is refused; and colours that can be read."""

import os
import re
import socket
import subprocess
import sys

import pytest

from qa import UsageError
from ui import app, theme


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


def test_the_app_keeps_to_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_DISABLE_TELEMETRY", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "example.org" if "proxy" in name.lower() else "True")
    app._keep_to_ourselves()
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert os.environ["NO_PROXY"] == "example.org,127.0.0.1,localhost"
    head = theme.head() + theme.STYLE.read_text("utf-8")
    assert set(re.findall(r"https?://[^'\" )]+", head)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in head


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
