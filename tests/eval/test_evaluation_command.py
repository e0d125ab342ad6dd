"""``article-qa eval`` as people run it: reports, runs that are killed and go on, comparisons."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from eval.journal import JOURNAL_FILE
from qa.export import export_reader

QUESTIONS = 600


def command(*words):
    return [sys.executable, "-m", "qa.cli", "eval", *map(str, words)]


def run(*words):
    return subprocess.run(command(*words), capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def reader(tiny_checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reader")
    export_reader(tiny_checkpoint, folder)
    return folder


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    """Six hundred questions about sixty texts of a line each; a third of them cannot be answered."""
    paragraphs = []
    for number in range(QUESTIONS // 10):
        context = f"Town {number} has {5 + number} mills and a mayor named Ada ."
        gold = [{"text": "Ada", "answer_start": context.index("Ada")}]
        qas = [
            {"id": f"{number}-{n}", "question": f"Who is mayor {n}?", "answers": gold if n % 3 else []}
            for n in range(10)
        ]
        paragraphs.append({"context": context, "qas": qas})
    path = tmp_path_factory.mktemp("squad") / "mills.json"
    path.write_text(json.dumps({"data": [{"title": "Mills", "paragraphs": paragraphs}]}))
    return path


def records(folder):
    data = json.loads((folder / "report.json").read_text())
    return [{**record, "milliseconds": None} for record in data["sets"][0]["questions"]]


def killed_in_the_middle(folder, *words):
    """Start a run, kill it without warning once it has asked a few questions, and return the ids of its processes."""
    process = subprocess.Popen(command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journal, deadline = folder / JOURNAL_FILE, time.monotonic() + 240
    while not journal.exists() or journal.read_bytes().count(b"\n") < 20:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)
    children = descendants(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=30)
    return children


def descendants(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        own = [int(word) for word in file.read().split()]
    return own + [one for child in own for one in descendants(child)]


def test_a_killed_run_goes_on_where_it_stopped(reader, questions, tmp_path):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    assert run(questions, "--reader", reader, "--out", whole).returncode == 0
    killed_in_the_middle(broken, questions, "--reader", reader, "--out", broken)
    done = (broken / JOURNAL_FILE).read_bytes().count(b"\n")
    assert 20 <= done < QUESTIONS
    assert not (broken / "report.json").exists()
    with (broken / JOURNAL_FILE).open("ab") as file:
        file.write(b'{"system": "half a li')
    resumed = run(questions, "--reader", reader, "--out", broken)
    assert resumed.returncode == 0, resumed.stderr
    assert f"mills: {done} of {QUESTIONS} questions were asked before and are not asked again." in resumed.stderr
    assert records(broken) == records(whole)
    assert len((broken / JOURNAL_FILE).read_bytes().splitlines()) == QUESTIONS + 1


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs /proc")
def test_processes_of_a_killed_run_end(reader, questions, tmp_path):
    children = killed_in_the_middle(tmp_path, questions, "--reader", reader, "--out", tmp_path, "--jobs", 2)
    assert len(children) >= 2
    deadline = time.monotonic() + 60
    while alive := [pid for pid in children if is_running(pid)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.05)


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"  # whoever inherits it has yet to ask how it ended
    except OSError:
        return False


def test_a_sample_is_reported_in_three_files(reader, questions, tmp_path):
    words = (questions, "--reader", reader, "--limit", 30, "--seed", 4, "--mode", "strict", "--mode", "eager")
    first, again = run(*words, "--json", "--out", tmp_path), run(*words, "--json")
    assert first.returncode == 0, first.stderr
    assert {"report.json", "report.md", "report.html"} <= {path.name for path in tmp_path.iterdir()}
    results = [json.loads(line) for line in first.stdout.splitlines()]
    assert [(one["mode"], one["metrics"]["total"]) for one in results] == [("strict", 30), ("eager", 30)]
    assert results[0]["metrics"]["answered"] <= results[1]["metrics"]["answered"]
    for one, other in zip(results, map(json.loads, again.stdout.splitlines()), strict=True):
        assert one["metrics"]["f1"] == other["metrics"]["f1"]
        assert one["intervals"] == other["intervals"]


def test_two_reports_are_compared(reader, questions, tmp_path, monkeypatch):
    for name, words in (
        ("a", ("--limit", 40)),
        ("b", ("--limit", 60, "--mode", "eager")),
        ("c", ("--limit", 10, "--article-level")),
    ):
        done = run(questions, "--reader", reader, "--out", tmp_path / name, *words)
        assert done.returncode == 0, done.stderr
    table = run("--compare", tmp_path / "a" / "report.json", tmp_path / "b")
    assert table.returncode == 0, table.stderr
    assert "balanced against eager: 40 questions that both asked (of 40 and 60)" in table.stdout
    assert "right only in A" in table.stdout
    assert "of the same articles" in table.stdout
    listed = run("--compare", tmp_path / "a", tmp_path / "b", "--json")
    assert json.loads(listed.stdout)["common"] == 40
    refused = run("--compare", tmp_path / "a", tmp_path / "c")
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "without one question in common" in refused.stderr
    assert run("--compare", tmp_path / "a", tmp_path / "missing").returncode == 3
    monkeypatch.setenv("ARTICLE_QA_READER", "somewhere")  # for other commands: it is not said of this one
    again = run("--compare", tmp_path / "a", tmp_path / "b")
    assert (again.returncode, again.stdout) == (0, table.stdout)
    for more in ((questions,), ("--mode", "strict"), ("--out", tmp_path / "d"), ("--reader", reader), ("--seed", 0)):
        refused = run(*more, "--compare", tmp_path / "a", tmp_path / "b")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
