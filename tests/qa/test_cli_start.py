"""Help, version and usage errors: instant, the same everywhere, and in the README."""

import socket
import subprocess
import sys
from typing import get_args

import pytest

from qa import __version__
from qa.calibration import MODES
from qa.cli import main
from qa.cli.options import Mode
from qa.cli.readme import BEGIN, END, help_texts

HEAVY = ("torch", "transformers", "sentence_transformers", "onnxruntime", "faiss", "numpy", "gradio", "rich")
PROBE = f"""
import sys
from qa.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    code = ended.code or 0
print("heavy:", code, [name for name in {HEAVY!r} if name in sys.modules])
"""


def run(*command, **options):
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=60, **options)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["ask", "--help"], 0),
        (["--version"], 0),
        ([], 2),
        (["ask"], 2),
        (["ask", "--mode", "bold", "x"], 2),
        (["ask", "missing.txt", "Who?"], 3),
        (["index", "lib"], 2),
        (["nonsense"], 2),
    ],
)
def test_no_heavy_import(arguments, code):
    assert run("-c", PROBE, *arguments).stdout.splitlines()[-1] == f"heavy: {code} []"


def test_version(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert (ended.value.code or 0, capsys.readouterr().out) == (0, f"article-qa {__version__}\n")


def test_serve_does_not_make_a_library(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    done = run("-m", "qa.cli", "serve", "--library", "typo", "--port", str(port), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("article-qa: There is no library in typo") and done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("by", ["option", "environment"])
def test_serve_with_other_models(by, monkeypatch):
    given = []
    monkeypatch.setattr("ui.app.serve", lambda *_, reader, embedder, **_others: given.append((reader, embedder)))
    options = ["--reader", "a", "--embedder", "b"] if by == "option" else []
    for name, model in (("READER", "a"), ("EMBEDDER", "b")) if by == "environment" else ():
        monkeypatch.setenv(f"ARTICLE_QA_{name}", model)
    with pytest.raises(SystemExit) as ended:
        main(["serve", *options])
    assert (ended.value.code or 0, given) == (0, [("a", "b")])


def test_modes_are_those_of_the_library():
    assert get_args(Mode) == MODES


def test_help_is_plain_and_fits():
    texts = help_texts()
    assert {"article-qa", "article-qa ask", "article-qa index", "article-qa list", "article-qa remove",
            "article-qa serve", "article-qa export"} <= texts.keys()  # fmt: skip
    for text in texts.values():
        assert text.startswith("Usage: article-qa")
        assert "\x1b" not in text and "│" not in text
        assert max(map(len, text.splitlines())) <= 100
    assert "Exit codes: 0 answered" in texts["article-qa"]


def test_readme(tmp_path):
    readme = tmp_path / "README.md"
    script = ("-m", "qa.cli.readme")
    readme.write_text(f"# Title\n\n{BEGIN}\n{END}\n\nThe rest.\n")
    stale = run(*script, "--check", str(readme))
    assert stale.returncode == 1 and "is stale" in stale.stderr
    assert run(*script, str(readme)).returncode == 0
    written = readme.read_text()
    assert written.startswith(f"# Title\n\n{BEGIN}\n") and written.endswith(f"{END}\n\nThe rest.\n")
    for text in help_texts().values():
        assert all(line.rstrip() in written for line in text.splitlines())
    environment = {"COLUMNS": "43", "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    assert run(*script, "--check", str(readme), env=environment).returncode == 0
    readme.write_text("# No markers\n")
    broken = run(*script, str(readme))
    assert broken.returncode == 3 and "Traceback" not in broken.stderr
