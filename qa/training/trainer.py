"""The training loop: from a base checkpoint and SQuAD files to a fine-tuned checkpoint in the run's folder."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from qa.adapters import load_adapter, new_adapter
from qa.training.attention import use_fast_attention
from qa.training.base import frozen_digest, has_fast_bf16, has_token_types, load_base
from qa.training.batches import collate, endless, one_pass, soft_targets
from qa.training.examples import load_examples
from qa.training.features import digest, make_features
from qa.training.interrupts import Interrupts
from qa.training.loss import distillation_loss, span_loss
from qa.training.report import Report
from qa.training.schedule import Schedule
from qa.training.teacher import Teacher
from qa.windows import Windower

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

    from qa.training.features import Feature
    from qa.training.folder import RunFolder
    from qa.training.schedule import Position
    from qa.training.settings import Settings

SAVE_SECONDS = 300.0  # between two savings of the state: what a kill costs at most
WEIGHT_DECAY = 0.01  # of matrices; biases and norms are left alone
LARGEST_GRADIENT = 1.0  # norm to which longer gradients are cut
LEAST_SCALE = 1 / 8  # of the learning rate; where the loss climbs even so, the rate is not what is wrong


def train(settings: Settings, folder: RunFolder, *, resume: bool = False, save_seconds: float = SAVE_SECONDS) -> bool:
    """Train to the end and write the checkpoint; return false when stopped before, with the state saved.

    SIGINT or SIGTERM lets the learning rate decay at once and the run end soon; the second stops it. A run that is
    resumed, even after SIGKILL, goes on with the same order of the data and comes to the same weights. Where the loss
    climbs, the run goes back to its last state and on at half the learning rate. A run that is complete is left as it
    is.

    Raises:
        InputError: A file cannot be read, or there is too little in it.
        ModelError: The base or the teacher cannot be used, packages are missing, or the loss climbs at any rate.
        UsageError: The folder holds another run, or this one and ``resume`` is false.
    """
    folder.claim(settings, resume=resume)
    if folder.checkpoint.is_dir():
        return True
    model, tokenizer, new_head = load_base(settings)
    types = has_token_types(model)
    if settings.adapter:
        model, new_head = load_adapter(model, settings.adapter, trainable=True), False  # it brings its own
    elif settings.lora:
        model = new_adapter(model, settings.lora, settings.freeze)
    rng = random.Random(settings.seed)  # noqa: S311 - a sample, not a secret
    examples = load_examples([Path(file) for file in settings.files], settings, rng)
    windower = Windower(tokenizer, token_types=types, max_tokens=settings.max_length)
    features = make_features(examples, windower, rng)
    folder.fix(settings, digest(features), frozen_digest(model))
    teacher = Teacher(settings.teacher, windower, examples, features, folder.path) if settings.teacher else None
    del examples
    bf16 = has_fast_bf16() if settings.bf16 is None else settings.bf16
    with Report() as report:
        unanswerable = sum(not feature.answered for feature in features)
        report.say(
            f"{len(features):,} windows, {unanswerable:,} without an answer; {'bf16' if bf16 else 'fp32'}"
            + ("; with a new head" if new_head else "")
        )
        run = _Run(model, tokenizer.pad_token_id, features, teacher, settings, folder, bf16, report)
        finished = run.go(save_seconds)
    if finished:
        folder.save_checkpoint(model, tokenizer)
        folder.state.unlink(missing_ok=True)  # three times the size of the checkpoint, and no more needed
    return finished


@dataclass(slots=True)
class _Run:
    model: Any
    pad: int
    features: Sequence[Feature]
    teacher: Teacher | None
    settings: Settings
    folder: RunFolder
    bf16: bool
    report: Report

    def go(self, save_seconds: float) -> bool:
        """Take all steps that are left; return false when stopped before."""
        use_fast_attention(self.model)
        _use_dropout(self.model, self.settings.dropout)
        optimizer = _optimizer(self.model, self.settings)
        position = self.folder.load_state(self.model, optimizer)
        lengths = [len(feature) for feature in self.features]
        schedule = _schedule(self.settings, lengths)
        began, saved, taken, spent = monotonic(), monotonic(), 0, position.seconds
        if position.step:
            self.report.say(f"Resumed at step {position.step:,}.")
        batches = self._batches(lengths, position)
        with Interrupts() as interrupts:
            while not schedule.ended(position):
                if interrupts.count > 1:
                    self.folder.save_state(self.model, optimizer, position)
                    return False
                if interrupts.count and not position.ending:
                    position = schedule.told_to_end(position)
                    last = position.ending.steps if position.ending else 0
                    self.report.say(f"Ending in {last} steps. Once more stops now; --resume then goes on from here.")
                for group in optimizer.param_groups:
                    group["lr"] = schedule.rate(position)
                loss, tokens = self._step(next(batches), optimizer, self.settings.seed + position.step)
                now, taken = monotonic(), taken + 1
                course, seconds = position.course.after(loss), spent + now - began
                position = replace(position, step=position.step + 1, seconds=seconds, course=course)
                if course.lost:
                    position = self._back(optimizer, position, loss)
                    batches = self._batches(lengths, position)
                    continue
                left = schedule.seconds_left(position, (now - began) / taken)
                self.report.step(position.step, loss, tokens, seconds, left)
                if now - saved >= save_seconds and course.calm:
                    self.folder.save_state(self.model, optimizer, position)
                    saved = monotonic()
        return True

    def _batches(self, lengths: Sequence[int], position: Position) -> Iterator[Sequence[int]]:
        return islice(endless(lengths, self.settings.tokens, self.settings.seed), position.step, None)

    def _back(self, optimizer: torch.optim.Optimizer, lost: Position, loss: float) -> Position:
        """Return to the last state, in which half the learning rate is kept from now on.

        Raises:
            ModelError: There is none, or the rate was halved often enough.
        """
        course = lost.course
        climbed = f"rose from {course.lowest:.2f} to {course.mean:.2f}" if math.isfinite(loss) else f"became {loss}"
        scale = lost.scale / 2
        if scale < LEAST_SCALE or not self.folder.state.is_file():
            raise ModelError(f"The loss {climbed}: train with a lower --lr than {self.settings.learning_rate}.")
        kept = self.folder.load_state(self.model, optimizer)
        self.report.say(f"The loss {climbed}: back to step {kept.step:,}, at {scale:g} of the learning rate.")
        position = replace(kept, seconds=lost.seconds, scale=scale)
        self.folder.save_state(self.model, optimizer, position)  # else a run that is resumed would climb again
        return position

    def _step(self, batch: Sequence[int], optimizer: torch.optim.Optimizer, seed: int) -> tuple[float, int]:
        """Take a step and return the loss of the batch and its number of tokens."""
        import torch

        chosen = [self.features[at] for at in batch]
        inputs = {name: torch.from_numpy(values) for name, values in collate(chosen, self.pad).items()}
        mask = inputs["attention_mask"]
        longest = mask.shape[1]
        starts, ends = (torch.from_numpy(values) for values in soft_targets(chosen, longest))
        torch.manual_seed(seed)  # so that a resumed run leaves out the same values
        with torch.autocast("cpu", torch.bfloat16, enabled=self.bf16):
            output = self.model(**inputs)
        logits = output.start_logits, output.end_logits
        if self.teacher:
            firsts, lasts = (torch.from_numpy(values) for values in self.teacher.targets(batch, longest))
            loss = distillation_loss(logits, (starts, ends), (firsts, lasts), mask)
        else:
            loss = span_loss(logits, (starts, ends), mask)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), LARGEST_GRADIENT)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return float(loss.detach()), mask.numel()


def _optimizer(model: Any, settings: Settings) -> torch.optim.Optimizer:
    import torch

    trained = [values for values in model.parameters() if values.requires_grad]
    matrices = [values for values in trained if values.ndim > 1]
    others = [values for values in trained if values.ndim < 2]
    groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, fused=True)


def _use_dropout(model: Any, share: float) -> None:
    """Set the dropout of the hidden layers; that of attention stays off where ours is used, see ``attention``."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = share
    model.train()


def _schedule(settings: Settings, lengths: Sequence[int]) -> Schedule:
    steps = settings.steps
    if steps is None and settings.minutes is None:
        steps = len(one_pass(lengths, settings.tokens, f"{settings.seed}-0"))
    seconds = None if settings.minutes is None else 60 * settings.minutes
    return Schedule(settings.learning_rate, settings.warmup, settings.decay, steps, seconds)
