"""The installed command with the real models: a handful of runs, in pipes and on a terminal."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qa
from qa.reader import DEFAULT_READER

COMMAND = Path(sys.executable).parent / "article-qa"
STORY = Path(qa.__file__).parent / "samples" / "reward.txt"
QUESTION = "How much money was offered as a reward?"

pytestmark = pytest.mark.skipif(
    not (DEFAULT_READER.is_dir() or "ARTICLE_QA_READER" in os.environ), reason="the reader's weights are not here"
)


def run(*arguments, **options):
    done = subprocess.run([COMMAND, *map(str, arguments)], capture_output=True, timeout=120, **options)
    assert b"Traceback" not in done.stderr
    return done


def test_answer_with_json():
    done = run("ask", STORY, QUESTION, "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0 and done.stderr == b""
    assert "$50 million" in record["text"] and record["line"] == 5
    assert STORY.read_text("utf-8")[record["span"]["start"] : record["span"]["end"]] == record["text"]


def test_text_from_a_pipe_and_an_encoding_without_quotation_marks():
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = run("ask", "-", QUESTION, input=STORY.read_bytes(), env=environment)
    assert done.returncode == 0
    assert b"**$50 million**" in done.stdout and b"standard input, line 5" in done.stdout


def test_library_on_disk(tmp_path):
    assert run("index", tmp_path / "lib", STORY).returncode == 0
    done = run("ask", "--library", tmp_path / "lib", "--questions", "-", input=f"{QUESTION}\n".encode())
    assert done.returncode == 0 and b"$50 million" in done.stdout


def test_question_longer_than_the_window():
    done = run("ask", STORY, "why " * 400)
    assert done.returncode == 2 and b"too long" in done.stderr and done.stderr.count(b"\n") == 1


def test_a_model_that_is_none(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    done = run("ask", STORY, QUESTION, "--reader", tmp_path)
    assert done.returncode == 3 and done.stderr.count(b"\n") == 1


def test_closed_pipe():
    process = subprocess.Popen([COMMAND, "ask", STORY, QUESTION], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == (b"", 141)


# Only the terminal of its session sends Ctrl-C to the command. (pty.fork would see to that too, but may hang once
# models have started threads in this process.) Whoever runs the tests in the background has it ignored for all of them.
TAKE_TERMINAL = """
import fcntl, os, signal, sys, termios
signal.signal(signal.SIGINT, signal.SIG_DFL)
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """The command on a pseudo-terminal."""

    def __init__(self, *arguments, **environment):
        self.fd, inner = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, COMMAND, *map(str, arguments)],
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", **environment},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)
        self.screen = ""

    def expect(self, pattern, seconds=60):
        """Wait until the screen shows something, and return what came until then."""
        until = time.monotonic() + seconds
        while not (found := re.search(pattern, self.screen)):
            more = self._read(until)
            assert more, f"{pattern!r} did not come; the screen shows {self.screen!r}"
            self.screen += more
        seen, self.screen = self.screen[: found.end()], self.screen[found.end() :]
        return seen

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def end(self, seconds=60):
        """Wait for the end of the command and return its exit code."""
        until = time.monotonic() + seconds
        while more := self._read(until):
            self.screen += more
        os.close(self.fd)
        return self.process.wait(10)

    def _read(self, until):
        ready, _, _ = select.select([self.fd], [], [], max(0, until - time.monotonic()))
        if not ready:
            self.process.kill()
            pytest.fail(f"nothing came any more; the screen shows {self.screen!r}")
        try:
            return os.read(self.fd, 4096).decode(errors="replace")
        except OSError:  # how Linux says that the other side has gone
            return ""


PROMPT = r"\? $"


def test_prompt():
    terminal = Terminal("ask", STORY)
    assert "Asking Reward. An empty line leaves" in terminal.expect(PROMPT)
    terminal.type(f"{QUESTION}\n")
    answer = terminal.expect(r"(?s)line 5.*\? $")
    assert re.search(r"\x1b\[[0-9;]*m\$50 million\x1b\[0m", answer), "the answer is emphasised"
    terminal.type(":mode strict\n")
    terminal.expect(r"Mode strict \(others: balanced, eager\)\.\s+\? $")
    terminal.type(":mode nonsense\n")
    terminal.expect(r"(?s)There is no mode 'nonsense'.*\? $")
    terminal.type(":help\n")
    terminal.expect(r"(?s):mode strict\|balanced\|eager.*\? $")
    terminal.type("why " * 300 + "\n")
    terminal.expect(r"(?s)too long.*\? $")
    terminal.type(":articles\n")
    terminal.expect(r"(?s)Reward\s+\? $")
    terminal.type("\n")
    assert terminal.end() == 0


@pytest.mark.parametrize(("keys", "code"), [("\x04", 0), ("\x03", 130)])
def test_leaving_the_prompt(keys, code):
    terminal = Terminal("ask", STORY)
    terminal.expect(PROMPT)
    time.sleep(0.5)  # a signal between the prompt and the wait for keys would go unnoticed until the next key
    terminal.type(keys)
    assert terminal.end() == code
    assert "Traceback" not in terminal.screen


def test_no_color():
    terminal = Terminal("ask", STORY, QUESTION, NO_COLOR="1")
    assert terminal.end() == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", terminal.screen), "bold, but no colour"
    assert "\x1b[1m$50 million" in terminal.screen
