"""Whole training runs of a tiny model: it learns, survives being killed, and becomes a reader."""

from __future__ import annotations

import json
import math
import os
import signal

import numpy as np
import pytest
from train_toys import entry, killed, quick, run, same, titles, weights, write

from index.errors import ModelError
from qa.training import RunFolder, train, trainer
from qa.training.report import Report

RATE = 3e-3


class SavedAt(RunFolder):
    """A folder that keeps the state of one step."""

    def __init__(self, path, step):
        super().__init__(path)
        self.step = step

    def save_state(self, model, optimizer, position):
        if position.step == self.step:
            super().save_state(model, optimizer, position)


pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def whole(tiny_checkpoint, questions, tmp_path_factory):
    """A run that nothing disturbed."""
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "whole")
    assert train(quick([questions], tiny_checkpoint), folder)
    return folder


def test_the_loss_falls_until_the_questions_are_known(tiny_checkpoint, questions, tmp_path, monkeypatch):
    losses = []
    monkeypatch.setattr(Report, "step", lambda self, number, loss, *rest: losses.append(loss))
    settings = quick([questions], tiny_checkpoint, steps=250, negatives=0, swap=0, join=0, dropout=0)
    assert train(settings, RunFolder(tmp_path / "run"))
    assert len(losses) == 250
    assert np.mean(losses[:10]) > 2
    assert np.mean(losses[-10:]) < 0.2


def test_dropout_changes_what_is_learned(tiny_checkpoint, questions, whole, tmp_path):
    without = RunFolder(tmp_path / "without")
    train(quick([questions], tiny_checkpoint, dropout=0.0), without)
    assert not same(weights(without), weights(whole))


def test_a_run_that_was_killed_comes_to_the_same_weights(tiny_checkpoint, questions, whole, tmp_path):
    folder = killed(questions, tiny_checkpoint, tmp_path / "killed")
    assert folder.state.is_file()
    assert not folder.checkpoint.exists()
    assert train(quick([questions], tiny_checkpoint), folder, resume=True)
    assert same(weights(folder), weights(whole))
    other = RunFolder(tmp_path / "other")
    train(quick([questions], tiny_checkpoint, seed=1), other)
    assert not same(weights(other), weights(whole))


@pytest.mark.parametrize("second", [15, 17])
def test_two_signals_stop_a_run_that_goes_on_later_to_its_own_end(
    tiny_checkpoint, questions, tmp_path, monkeypatch, second
):
    steps = []

    def interrupted(self, number, *rest):
        steps.append(number)
        if number in (15, second):  # the first signal begins a decay of three steps
            os.kill(os.getpid(), signal.SIGINT)
        if number == 15 == second:
            os.kill(os.getpid(), signal.SIGTERM)

    folder, settings = RunFolder(tmp_path / "run"), quick([questions], tiny_checkpoint)
    with monkeypatch.context() as patch:
        patch.setattr(Report, "step", interrupted)
        assert not train(settings, folder)
    assert steps[-1] == second
    assert folder.state.is_file()
    monkeypatch.setattr(Report, "step", lambda self, number, *rest: steps.append(number))
    assert train(settings, folder, resume=True)
    assert steps == list(range(1, 25))


def test_one_signal_ends_a_run_soon(tiny_checkpoint, questions, tmp_path, monkeypatch):
    steps = []

    def interrupted(self, number, *rest):
        steps.append(number)
        if number == 20:
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(Report, "step", interrupted)
    folder = RunFolder(tmp_path / "run")
    assert train(quick([questions], tiny_checkpoint, steps=100_000), folder)
    assert steps[-1] == 24
    assert folder.checkpoint.is_dir()


def test_a_run_that_is_complete_is_left_as_it_is(tiny_checkpoint, questions, whole):
    before = (whole.checkpoint / "model.safetensors").stat().st_mtime_ns
    assert train(quick([questions], tiny_checkpoint), whole, resume=True)
    assert (whole.checkpoint / "model.safetensors").stat().st_mtime_ns == before


def test_a_loss_that_is_no_number_ends_the_run(tiny_checkpoint, questions, tmp_path):
    with pytest.raises(ModelError, match="lower --lr"):
        train(quick([questions], tiny_checkpoint, learning_rate=1e38), RunFolder(tmp_path / "run"))


def test_a_run_whose_loss_climbs_goes_back_and_on_at_half_the_rate(tiny_checkpoint, questions, tmp_path, monkeypatch):
    said, rates, plain = [], [], trainer._Run._step

    def climbing(self, batch, optimizer, seed):
        loss, tokens = plain(self, batch, optimizer, seed)
        rates.append(optimizer.param_groups[0]["lr"])
        # from the twelfth step on, at the full rate, no number comes out
        return (math.nan if len(rates) >= 12 and rates[-1] > 0.6 * RATE else loss), tokens

    monkeypatch.setattr(trainer._Run, "_step", climbing)
    monkeypatch.setattr(Report, "say", lambda self, line: said.append(line))
    folder = SavedAt(tmp_path / "run", 10)
    settings = quick([questions], tiny_checkpoint, steps=24, warmup=0, decay=0, learning_rate=RATE)
    assert train(settings, folder, save_seconds=0.0)
    assert said[-1] == "The loss became nan: back to step 10, at 0.5 of the learning rate."
    assert rates == [RATE] * 12 + [RATE / 2] * 14


def test_a_run_that_climbs_at_any_rate_ends_in_one_line(tiny_checkpoint, questions, tmp_path, monkeypatch):
    plain = trainer._Run._step
    steps = []

    def climbing(self, *given):
        steps.append(plain(self, *given))
        return (math.nan if len(steps) > 5 else steps[-1][0]), steps[-1][1]

    monkeypatch.setattr(trainer._Run, "_step", climbing)
    with pytest.raises(ModelError, match=r"^The loss became nan: train with a lower --lr than 0.003\.$"):
        train(quick([questions], tiny_checkpoint), SavedAt(tmp_path / "run", 3), save_seconds=0.0)
    assert len(steps) == 6 + 3  # once more at a half, at a quarter and at an eighth


def test_a_teacher_is_asked_once_and_changes_what_is_learned(tiny_checkpoint, questions, whole, tmp_path, monkeypatch):
    from qa.backends import TorchReader

    settings = quick([questions], tiny_checkpoint, teacher=str(whole.checkpoint))
    folder = RunFolder(tmp_path / "taught")
    assert train(settings, folder)
    assert not same(weights(folder), weights(whole))
    (cache,) = folder.path.glob("teacher-*.npy")
    logits = np.load(cache)
    assert logits.dtype == np.float16
    assert not np.isnan(logits).any()
    first = weights(folder)
    for path in folder.checkpoint.iterdir():
        path.unlink()
    folder.checkpoint.rmdir()
    monkeypatch.setattr(TorchReader, "logits", lambda *_: pytest.fail("asked again"))
    assert train(settings, folder, resume=True)
    assert same(weights(folder), first)


def test_a_teacher_may_cut_texts_into_other_tokens(tiny_checkpoint, questions, whole, tmp_path):
    from qa.reader import DEFAULT_READER

    folder = RunFolder(tmp_path / "taught")
    assert train(quick([questions], tiny_checkpoint, teacher=str(DEFAULT_READER), steps=3), folder)
    (cache,) = folder.path.glob("teacher-*.npy")
    assert not np.isnan(np.load(cache)).any()


def test_from_questions_to_answers_on_the_command_line(tiny_checkpoint, tmp_path):
    entries = [entry(title) for title in titles(3)] + [
        entry(title, 14) for title in titles(3, kept_for_calibration=True)
    ]
    file = write(tmp_path / "towns.json.gz", entries)
    other = json.loads(json.dumps(entry("Last")).replace(" x", " y"))  # else it would be one of the same text
    words = ["train", file, "--base", tiny_checkpoint, "--out", tmp_path / "run", "--steps", 60, "--lr", 0.003]
    words += [
        "--max-length",
        320,
        "--negatives",
        0,
        "--swap",
        0,
        "--evaluate",
        write(tmp_path / "h.json", [other]),
    ]
    trained = run(*words)
    assert trained.returncode == 0, trained.stderr
    assert f"article-qa ask --reader {tmp_path / 'run' / 'reader'}" in trained.stdout.splitlines()[-1]
    assert "h.json: total 15, exact" in trained.stdout
    assert "step 1  loss " in trained.stderr
    assert "DEBUG" not in trained.stderr
    assert (tmp_path / "run" / "evaluation.json").is_file()
    assert (tmp_path / "run" / "reader" / "model.int8.onnx").is_file()
    (tmp_path / "story.txt").write_text(entry("Elm")["paragraphs"][0]["context"])
    asked = run("ask", "--reader", tmp_path / "run" / "reader", tmp_path / "story.txt", "who was the mayor?")
    assert asked.returncode in (0, 1), asked.stderr
    again = run(*words)
    assert again.returncode == 2
    assert (
        again.stderr == f"article-qa: {tmp_path / 'run'} holds a run: resume it (--resume), or give another folder.\n"
    )
    changed = run(*words, "--resume", "--no-quantize")
    assert changed.returncode == 2
    assert "begun with other settings: quantize (was True)" in changed.stderr
    resumed = run(*words, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert "Exporting" not in resumed.stderr
