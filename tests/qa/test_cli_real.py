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
    assert b"1 already there" in run("index", tmp_path / "lib", STORY).stdout
    done = run("ask", "--library", tmp_path / "lib", "--questions", "-", input=f"{QUESTION}\n".encode())
    assert done.returncode == 0 and b"$50 million" in done.stdout


def test_question_longer_than_the_window():
    done = run("ask", STORY, "why " * 400)
    assert done.returncode == 2 and b"too long" in done.stderr and done.stderr.count(b"\n") == 1


def test_a_model_that_is_none(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    done = run("ask", STORY, QUESTION, "--reader", tmp_path)
    assert done.returncode == 3 and done.stderr.count(b"\n") == 1


def test_closed_pipe(tmp_path):
    questions = tmp_path / "questions"
    questions.write_text(f"{QUESTION}\n" * 40)
    command = f'"{COMMAND}" ask "{STORY}" --questions "{questions}" --json'
    done = subprocess.run(["bash", "-c", f"{command} | head -c 10; echo ${{PIPESTATUS[0]}}"],
                          capture_output=True, timeout=120)  # fmt: skip
    assert (done.stdout[10:], done.stderr) == (b"141\n", b"")


class Terminal:
    """The command on a pseudo-terminal."""

    def __init__(self, *arguments, **environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            names = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "90", **environment}
            os.execve(COMMAND, [str(COMMAND), *map(str, arguments)], names)  # noqa: S606
        self.screen = ""

    def expect(self, pattern, seconds=60):
        """Wait until the screen shows something, and return what came until then."""
        until = time.monotonic() + seconds
        while not (found := re.search(pattern, self.screen)):
            ready, _, _ = select.select([self.fd], [], [], max(0, until - time.monotonic()))
            assert ready, f"{pattern!r} did not come; the screen shows {self.screen!r}"
            self.screen += self._read()
        seen, self.screen = self.screen[: found.end()], self.screen[found.end() :]
        return seen

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def end(self):
        while more := self._read():
            self.screen += more
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self):
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
    terminal.type("\x1b[A\x1b[A\x1b[A\x1b[A\n" if False else ":articles\n")
    terminal.expect(r"(?s)Reward\s+\? $")
    terminal.type("\n")
    assert terminal.end() == 0


@pytest.mark.parametrize(("keys", "code"), [("\x04", 0), ("\x03", 130)])
def test_leaving_the_prompt(keys, code):
    terminal = Terminal("ask", STORY)
    terminal.expect(PROMPT)
    terminal.type(keys)
    assert terminal.end() == code
    assert "Traceback" not in terminal.screen


def test_no_color():
    terminal = Terminal("ask", STORY, QUESTION, NO_COLOR="1")
    assert terminal.end() == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]", terminal.screen), "bold, but no colour"
    assert "\x1b[1m$50 million" in terminal.screen
