"""export, calibrate and eval from the command line, on a tiny model made on the spot."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest

from eval.calibrate import held_out


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    """Fifty questions about held-out titles; a random reader gets some right, for many words are accepted."""
    data = []
    for title in [title for title in (f"Title {n}" for n in range(400)) if held_out(title)][:10]:
        context = f"{title} is a town. " + " ".join(f"word{n}" for n in range(9))
        words = context.replace(".", "").split()
        gold = [{"text": word, "answer_start": context.index(word)} for word in words]
        qas = [
            {"id": f"{title}-{n}", "question": f"what {n}?", "is_impossible": n == 4, "answers": [] if n == 4 else gold}
            for n in range(5)
        ]
        data.append({"title": title, "paragraphs": [{"context": context, "qas": qas}]})
    path = tmp_path_factory.mktemp("squad") / "towns.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"data": data}).encode()))
    return path


def test_export_calibrate_eval(tiny_checkpoint, questions, tmp_path):
    exported = run("export", tiny_checkpoint, tmp_path / "reader")
    assert exported.returncode == 0, exported.stderr
    fitted = run("calibrate", questions, "--reader", tmp_path / "reader")
    if "needs both kinds" in fitted.stderr:  # what a random reader gets right is luck
        assert fitted.returncode == 3
    else:
        assert fitted.returncode == 0, fitted.stderr
        assert set(json.loads(fitted.stdout)["thresholds"]) == {"strict", "balanced", "eager"}
    scored = run("eval", questions, "--reader", tmp_path / "reader", "--json", "--limit", "20", "--mode", "eager")
    assert scored.returncode == 0, scored.stderr
    result = json.loads(scored.stdout)
    assert (result["dataset"], result["mode"], result["metrics"]["total"]) == ("towns", "eager", 20)
    assert {"exact", "f1", "HasAns_exact", "NoAns_exact", "best_span_f1"} <= set(result["metrics"])


def test_eval_prints_a_table_and_says_what_it_skipped():
    scored = run("eval", "--limit", "2")
    assert scored.returncode == 0, scored.stderr
    assert "reward" in scored.stdout
    assert "skipped" in scored.stderr
    assert "--contexts" in scored.stderr


def test_files_that_cannot_be_scored(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    for path in (tmp_path / "x.json", tmp_path / "missing.json"):
        result = run("eval", path)
        assert result.returncode == 3
        assert result.stderr.startswith("article-qa: ")
        assert result.stderr.count("\n") == 1
