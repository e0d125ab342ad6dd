"""export, calibrate and eval from the command line, on a tiny model made on the spot."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import pytest

from qa.training.split import held_out


def run(*words):
    return subprocess.run(
        [sys.executable, "-m", "qa.cli", *map(str, words)], capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    """A hundred questions about held-out titles; of some every quote is right and of others none, whatever is read."""
    data = []
    for title in [title for title in (f"Title {n}" for n in range(400)) if held_out(title)][:10]:
        paragraphs = [_paragraph(f"{title}-{at}", f"{title} has part {at} of {5 + at} words .") for at in range(2)]
        data.append({"title": title, "paragraphs": paragraphs})
    path = tmp_path_factory.mktemp("squad") / "towns.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"data": data}).encode()))
    return path


def _paragraph(name, context):
    words = context.split()
    spans = [" ".join(words[at:end]) for at in range(len(words)) for end in range(at + 1, len(words) + 1)]
    everything = [{"text": span, "answer_start": context.index(span)} for span in spans]
    nothing = [{"text": "xylophone", "answer_start": 0}]
    qas = [
        {"id": f"{name}-{n}", "question": f"what {n}?", "is_impossible": not gold, "answers": gold}
        for n, gold in enumerate([everything, everything, nothing, everything, []])
    ]
    return {"context": context, "qas": qas}


def test_export_calibrate_eval(tiny_checkpoint, questions, tmp_path):
    exported = run("export", tiny_checkpoint, tmp_path / "reader")
    assert exported.returncode == 0, exported.stderr
    fitted = run("calibrate", questions, "--reader", tmp_path / "reader")
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


def test_files_without_a_question_are_an_error_and_leave_no_report(tmp_path):
    (tmp_path / "x.json").write_text('{"data": []}')
    result = run("eval", tmp_path / "x.json", "--out", tmp_path / "out")
    assert result.returncode == 3
    assert result.stderr.startswith("article-qa: There is no question to ask")
    assert not (tmp_path / "out" / "report.json").exists()
