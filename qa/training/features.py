"""Examples as token ids with the tokens where their answers begin and end."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import UsageError
from index.progress import progress
from qa.windows import Context

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.training.examples import Example
    from qa.windows import Window, Windower

BLANKS = 1  # of a long context, the windows without the answer that are kept for each question


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One window, n tokens long, with its targets.

    Attributes:
        inputs: What the model takes, without the attention mask: each of shape (n,), as small as it can be stored.
        spans: First token, last token and votes of each answer; ``[CLS]`` twice where the window has none.
        answered: Whether it has one.
        example: Number of the example that it was cut from.
        window: Its number among the windows of that example.
    """

    inputs: dict[str, NDArray[Any]]
    spans: tuple[tuple[int, int, int], ...]
    answered: bool
    example: int
    window: int

    def __len__(self) -> int:
        return len(self.inputs["input_ids"])


def make_features(examples: Sequence[Example], windower: Windower, rng: random.Random) -> list[Feature]:
    """Cut examples into windows as the reader does, and find their targets.

    Questions that fill a window by themselves are left out, and windows at whose edge an answer is cut in two: neither
    "here" nor "not here" would be true of them.
    """
    features: list[Feature] = []
    for at, example in enumerate(progress(examples, "Tokenising", len(examples))):
        try:
            windows = windower.windows(example.question, [Context(example.context)])
        except UsageError:
            continue
        targets = [_targets(window, example) for window in windows]
        blank = [number for number, spans in enumerate(targets) if not spans]
        cut = {number for number in blank if _cuts_an_answer(windows[number], example)}
        blank = [number for number in blank if number not in cut]
        dropped = cut | set(rng.sample(blank, max(0, len(blank) - BLANKS)))
        features += [
            Feature(_stored(window), spans or ((window.cls, window.cls, 1),), bool(spans), at, number)
            for number, (window, spans) in enumerate(zip(windows, targets, strict=True))
            if number not in dropped
        ]
    return features


def digest(features: Sequence[Feature]) -> str:
    """Return a short hash of all inputs and targets, in order."""
    found = hashlib.sha256()
    for feature in features:
        for name, values in sorted(feature.inputs.items()):
            found.update(name.encode() + values.tobytes())
        found.update(repr(feature.spans).encode())
    return found.hexdigest()[:16]


def _cuts_an_answer(window: Window, example: Example) -> bool:
    """Return whether an answer lies in part in a window that holds none as a whole."""
    inside = window.offsets[window.in_context]  # (tokens of the context, 2)
    if not inside.size:
        return False
    begin, end = inside[0, 0], inside[-1, 1]
    return any(span.start < end and span.end > begin for span in example.spans)


def _targets(window: Window, example: Example) -> tuple[tuple[int, int, int], ...]:
    """Return the tokens of the answers that lie in the window as a whole."""
    inside = np.flatnonzero(window.in_context)
    if not inside.size:
        return ()
    starts, ends = window.offsets[inside, 0], window.offsets[inside, 1]  # (tokens of the context,)
    spans = []
    for span in example.spans:
        text = example.context[span.start : span.end]
        begin, end = span.end - len(text.lstrip()), span.start + len(text.rstrip())
        touched = inside[(ends > begin) & (starts < end)]
        if touched.size and begin >= starts[0] and end <= ends[-1]:
            spans.append((int(touched[0]), int(touched[-1]), span.votes))
    return tuple(spans)


def _stored(window: Window) -> dict[str, NDArray[Any]]:
    """Return the inputs in the smallest type, for a training set has tens of millions of tokens."""
    types = {"input_ids": np.int32, "token_type_ids": np.int8}
    return {name: values.astype(types[name]) for name, values in window.inputs.items() if name in types}
