"""The parts of the training loop: attention, schedule, loss, the run's folder, the report."""

from __future__ import annotations

import json
import math
import os
import signal
from dataclasses import replace
from itertools import accumulate

import numpy as np
import pytest
import torch
from train_toys import quick

from index.errors import ModelError, UsageError
from qa.training import RunFolder
from qa.training.attention import use_fast_attention
from qa.training.base import load_base
from qa.training.course import Course
from qa.training.interrupts import Interrupts
from qa.training.loss import TEMPERATURE, distillation_loss, span_loss
from qa.training.report import Report, duration
from qa.training.schedule import LAST_STEPS, Position, Schedule
from qa.training.teacher import NEVER, aligned
from qa.windows import Window


def load(checkpoint):
    from transformers import AutoModelForQuestionAnswering

    return AutoModelForQuestionAnswering.from_pretrained(checkpoint, dtype=torch.float32).eval()


def gradients(model, mask):
    torch.manual_seed(1)
    ids = torch.randint(5, 60, mask.shape)
    output = model(input_ids=ids, attention_mask=mask)
    logits = torch.stack([output.start_logits, output.end_logits])
    ((logits * mask) ** 2).sum().backward()
    return logits.detach() * mask, {name: values.grad for name, values in model.named_parameters()}


@pytest.mark.parametrize("padding", [0, 7])
def test_fast_attention_equals_that_of_torch(tiny_checkpoint, padding):
    mask = torch.ones(3, 20, dtype=torch.long)
    if padding:
        mask[1, -padding:] = 0
    plain, fast = load(tiny_checkpoint).double(), load(tiny_checkpoint).double()
    plain.set_attn_implementation("sdpa")
    assert use_fast_attention(fast)
    logits, slopes = gradients(plain, mask)
    fast_logits, fast_slopes = gradients(fast, mask)
    assert torch.allclose(logits, fast_logits)
    for name, slope in slopes.items():
        assert torch.allclose(slope, fast_slopes[name], atol=1e-9), name


def test_models_that_ours_does_not_fit_keep_their_attention(tiny_checkpoint):
    assert not use_fast_attention(torch.nn.Linear(2, 2))
    shared = load(tiny_checkpoint)
    shared.config.num_key_value_heads = 1
    assert not use_fast_attention(shared)


def rates(schedule, count):
    return [schedule.rate(Position(step)) for step in range(count)]


def test_the_learning_rate_rises_stays_and_falls():
    schedule = Schedule(1.0, 10, 0.2, 200, None)
    found = rates(schedule, 200)
    assert found[:3] == [0.1, 0.2, pytest.approx(0.3)]
    assert found[10:160] == [1.0] * 150
    assert found[180] == pytest.approx(0.5)
    assert found[199] == pytest.approx(1 / 40)
    assert not schedule.ended(Position(199))
    assert schedule.ended(Position(200))


def test_warming_up_takes_a_tenth_of_a_short_run():
    assert Schedule(1.0, 300, 0.2, 100, None).rate(Position(10)) == 1.0


def test_a_run_that_is_limited_in_time_ends_in_time():
    schedule = Schedule(1.0, 0, 0.5, None, 100.0)
    assert [schedule.rate(Position(9, seconds)) for seconds in (40.0, 75.0, 100.0)] == [1.0, 0.5, 0.0]
    assert schedule.ended(Position(9, 100.0))
    assert schedule.seconds_left(Position(9, 70.0), 1.0) == 30.0


def test_a_run_that_is_told_to_end_decays_from_where_it_is():
    schedule = Schedule(1.0, 10, 0.2, 100_000, None)
    told = schedule.told_to_end(Position(50))
    assert told.ending.steps == 10
    assert [round(schedule.rate(replace(told, step=step)), 3) for step in (50, 55, 59)] == [1.0, 0.5, 0.1]
    assert schedule.ended(replace(told, step=60))
    assert schedule.told_to_end(replace(told, step=55)) == replace(told, step=55)
    assert schedule.told_to_end(Position(50_000)).ending.steps == LAST_STEPS
    assert schedule.seconds_left(told, 2.0) == 20.0


def followed(losses):
    """The course after each loss."""
    return list(accumulate(losses, Course.after, initial=Course()))[1:]


def test_a_loss_that_falls_and_jumps_is_on_its_course():
    noise = np.random.default_rng(0).normal(0, 0.4, 3000)
    for low in (0.02, 1.2, 4.0):
        falling = low + 2 * np.exp(-np.arange(3000) / 500) + low * noise
        assert not any(course.lost for course in followed(falling))


def test_a_loss_that_climbs_is_noticed_and_not_saved_before():
    noise = np.random.default_rng(0).normal(0, 0.3, 400)
    climbing = 1.3 + noise + np.where(np.arange(400) < 300, 0, 1.5)
    found = followed(climbing)
    first = next(at for at, course in enumerate(found) if course.lost)
    assert 300 < first < 330
    assert not any(course.calm for course in found[305:first])
    assert all(course.calm for course in found[:295])
    assert followed([1.0, math.nan])[-1].lost


def test_the_loss_is_least_where_the_logits_are_the_targets():
    mask = torch.tensor([[1, 1, 1, 0]])
    target = torch.tensor([[0.25, 0.75, 0.0, 0.0]])
    logits = torch.tensor([[0.25, 0.75, 1e-9, 1.0]]).log()
    entropy = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert float(span_loss((logits, logits), (target, target), mask)) == pytest.approx(entropy, abs=1e-4)
    worse = torch.zeros(1, 4)
    assert float(span_loss((worse, worse), (target, target), mask)) == pytest.approx(math.log(3), abs=1e-4)


def test_distillation_draws_towards_the_teacher():
    mask = torch.ones(1, 3)
    gold = torch.tensor([[1.0, 0.0, 0.0]])
    teacher = torch.softmax(torch.tensor([[2.0, 1.0, -3.0]]) / TEMPERATURE, -1)
    logits = torch.zeros(1, 3, requires_grad=True)
    distillation_loss((logits, logits), (gold, gold), (teacher, teacher), mask).backward()
    assert logits.grad[0, 0] < 0 < logits.grad[0, 2]
    alone = torch.zeros(1, 3, requires_grad=True)
    span_loss((alone, alone), (gold, gold), mask).backward()
    assert logits.grad[0, 1] < alone.grad[0, 1]  # what the teacher finds likely is pushed down less


def cut(*offsets, cls=0):
    """A window whose tokens stand at these places; None is no token of the context."""
    inside = np.array([place is not None for place in offsets])
    return Window(0, {}, np.array([place or (0, 0) for place in offsets]), inside, cls)


def test_a_teacher_is_understood_by_the_places_of_its_tokens():
    ours = cut(None, None, (0, 3), (3, 6), (7, 12))  # [CLS] question "old" "est" "tower"
    theirs = cut((0, 6), (7, 9), (9, 12), None, cls=3)  # "oldest" "to" "wer" [CLS]
    starts, ends = np.array([5.0, 1.0, 0.0, 2.0], np.float32), np.array([4.0, 0.0, 3.0, 1.0], np.float32)
    logits = aligned(ours, [(theirs, (starts, ends))])
    assert logits[0].tolist() == [0, 0]  # of "not here", from which all is measured
    assert logits[:, 0].tolist() == [0, NEVER, 3, NEVER, -1]  # "oldest" begins with "old"
    assert logits[:, 1].tolist() == [0, NEVER, NEVER, 3, 2]  # and ends with "est"


def test_of_two_windows_of_a_teacher_the_surer_counts():
    ours = cut(None, (0, 3), (4, 7))
    first = cut(None, (0, 3), (4, 7)), (np.array([0.0, 1.0, 2.0], np.float32), np.zeros(3, np.float32))
    second = cut(None, (4, 7)), (np.array([1.0, 9.0], np.float32), np.zeros(2, np.float32))
    assert aligned(ours, [first, second])[:, 0].tolist() == [0, 1, 8]


def test_the_state_comes_back_as_it_was(tiny_checkpoint, tmp_path):
    folder = RunFolder(tmp_path)

    def stepped():
        model = load(tiny_checkpoint)
        return model, torch.optim.AdamW(model.parameters(), lr=0.1, fused=True)

    def step(model, optimizer):
        gradients(model, torch.ones(2, 8, dtype=torch.long))
        optimizer.step()
        optimizer.zero_grad()

    model, optimizer = stepped()
    assert folder.load_state(model, optimizer) == Position()
    step(model, optimizer)
    position = Position(7, 3.5, scale=0.5)
    folder.save_state(model, optimizer, Schedule(1.0, 1, 0.2, 9, None).told_to_end(position))
    other, resumed = stepped()
    assert folder.load_state(other, resumed) == position  # which goes on to its own end
    step(model, optimizer)
    step(other, resumed)
    for one, two in zip(model.parameters(), other.parameters(), strict=True):
        assert torch.equal(one, two)
    folder.state.write_bytes(folder.state.read_bytes()[:-100])
    with pytest.raises(ModelError, match="cannot be resumed"):
        folder.load_state(*stepped())


def test_a_folder_belongs_to_one_run(tmp_path):
    folder, settings = RunFolder(tmp_path / "run"), quick(["a.json"], "base")
    folder.claim(settings, resume=True)  # nothing there yet: begins
    folder.fix(settings, "abc", "123")
    with pytest.raises(UsageError, match="--resume"):
        folder.claim(settings, resume=False)
    folder.claim(settings, resume=True)
    with pytest.raises(UsageError, match=r"steps \(was 24\)"):
        folder.claim(replace(settings, steps=5), resume=True)
    with pytest.raises(UsageError, match="files are not those"):
        folder.fix(settings, "abd", "123")
    with pytest.raises(UsageError, match="base has other weights"):
        folder.fix(settings, "abc", "124")
    (tmp_path / "run" / "run.json").write_text("[")
    with pytest.raises(ModelError, match="cannot be read"):
        folder.claim(settings, resume=True)


def test_a_plain_encoder_gets_a_head_that_the_seed_draws(tiny_checkpoint, tmp_path):
    from transformers import AutoTokenizer

    load(tiny_checkpoint).bert.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(tiny_checkpoint).save_pretrained(tmp_path)
    one, _, new = load_base(quick([], tmp_path))
    two, _, _ = load_base(quick([], tmp_path))
    other, _, _ = load_base(quick([], tmp_path, seed=1))
    assert new
    assert torch.equal(one.qa_outputs.weight, two.qa_outputs.weight)
    assert not torch.equal(one.qa_outputs.weight, other.qa_outputs.weight)
    assert not load_base(quick([], tiny_checkpoint))[2]


def test_bases_that_cannot_be_trained(tiny_checkpoint, tmp_path):
    with pytest.raises(ModelError, match="neither a model folder nor"):
        load_base(quick([], "no/such-model"))
    with pytest.raises(UsageError, match="512 tokens at most"):
        load_base(quick([], tiny_checkpoint, max_length=513))
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelError, match="neither"):
        load_base(quick([], tmp_path))


def test_signals_are_counted_and_handed_back():
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts() as interrupts:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)
        assert interrupts.count == 2
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_report_without_a_terminal_is_a_line_now_and_then(capsys):
    with Report() as report:
        for number in range(1, 100):
            report.step(number, 2.0, 1000, float(number), 3900.0)
        report.say("done")
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("step 1  loss 2.000  ")
    assert lines[0].endswith(" tokens/s  1 h 05 min left")
    assert lines[1] == "done"
    assert [duration(seconds) for seconds in (5, 119, 7200)] == ["5 s", "2 min", "2 h 00 min"]
