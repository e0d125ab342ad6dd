"""The default path never touches the network: sockets that reach out raise."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import socket

def refuse(*arguments, **options):
    raise SystemExit(f"the network was tried: {arguments}")

socket.socket.connect = socket.socket.connect_ex = refuse
socket.create_connection = socket.getaddrinfo = socket.gethostbyname = refuse

import qa
from qa.samples import samples

text = samples()[0].article.text
answer = qa.ask(text, "How much money was offered as a reward?")
assert text[answer.span.start : answer.span.end] == answer.text
library = qa.Library()
for number in range(40):  # long enough that passages have to be found
    library.add(f"Report {number}.\\n\\n{text}")
found = library.ask("How much money was offered as a reward?")
assert found.trace.passages[0].dense_rank
print(answer.text, "|", found.text)
"""


def test_questions_are_answered_with_the_network_cut(tmp_path):
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "$50 million" in result.stdout.split("|")[0]


def test_nothing_on_the_default_path_imports_torch(tmp_path):
    script = SCRIPT + "\nimport sys\nassert 'torch' not in sys.modules and 'sentence_transformers' not in sys.modules"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
    )
    assert result.returncode == 0, result.stderr
