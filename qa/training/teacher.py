"""What another reader makes of the training windows, computed once and kept.

The teacher may cut texts into other tokens. Its logits are put to the tokens of the windows by the code points that
both cover: where an answer begins is where it begins, however the words are cut. They are measured from the teacher's
"not here", so that several of its windows over one of ours can be compared.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import UsageError
from index.progress import progress
from qa.reader import load_reader
from qa.training.features import digest
from qa.training.loss import TEMPERATURE
from qa.windows import Context

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.reader import Logits, Reader
    from qa.training.examples import Example
    from qa.training.features import Feature
    from qa.windows import Window, Windower

PORTION = 256  # windows that the teacher reads at once; what is done is kept
NEVER = -1e4  # logit of a token at which no answer begins or ends; float16 holds it


class Teacher:
    """A reader whose logits are learned.

    Args:
        spec: Folder or name of the reader.
        windower: Cut the windows.
        examples: What they were cut from.
        features: The windows.
        folder: Where the logits are kept; those that lie there are not computed again.

    Raises:
        ModelError: There is no such reader.
    """

    def __init__(
        self, spec: str, windower: Windower, examples: Sequence[Example], features: Sequence[Feature], folder: Path
    ) -> None:
        reader = load_reader(spec)
        self._offsets = np.cumsum([0, *map(len, features)])
        key = hashlib.sha256(f"{reader.fingerprint} {digest(features)}".encode()).hexdigest()[:16]
        self._logits = _opened(folder / f"teacher-{key}.npy", int(self._offsets[-1]))  # (tokens, 2)
        # not a number: not computed yet
        missing = [at for at in range(len(features)) if np.isnan(self._logits[self._offsets[at], 0])]
        portions = [missing[at : at + PORTION] for at in range(0, len(missing), PORTION)]
        for portion in progress(portions, "Asking the teacher", len(portions)):
            asked = [features[at] for at in portion]
            for at, logits in zip(portion, _read(reader, windower, examples, asked), strict=True):
                begin, end = self._offsets[at], self._offsets[at + 1]
                self._logits[begin + 1 : end] = logits[1:]
                self._logits[begin] = logits[0]  # last, for it says that the others are there

    def targets(self, batch: Sequence[int], longest: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the teacher's shares for every token as the first and as the last, at the loss's temperature."""
        shares = np.zeros((2, len(batch), longest), dtype=np.float32)
        for row, at in enumerate(batch):
            logits = self._logits[self._offsets[at] : self._offsets[at + 1]].astype(np.float32).T / TEMPERATURE
            powers = np.exp(logits - logits.max(-1, keepdims=True))
            shares[:, row, : powers.shape[-1]] = powers / powers.sum(-1, keepdims=True)
        return shares[0], shares[1]


def aligned(window: Window, theirs: Iterable[tuple[Window, Logits]]) -> NDArray[np.float32]:
    """Return a teacher's logits for the tokens of a window as first and as last, (n, 2); 0 stands for its "not here".

    Args:
        window: Of the model that learns.
        theirs: The teacher's windows over the same text, with their logits; of two that see a token, the higher counts.
    """
    logits = np.full((len(window), 2), NEVER, dtype=np.float32)
    logits[window.cls] = 0
    ours = np.flatnonzero(window.in_context)
    ends = window.offsets[ours, 1]  # (tokens of the context,)
    if not ours.size:
        return logits
    for other, pair in theirs:
        inside = np.flatnonzero(other.in_context)
        # where a token begins, and its last code point
        places = other.offsets[inside, 0], other.offsets[inside, 1] - 1
        for side in range(2):
            found = np.searchsorted(ends, places[side], side="right")  # the first token that ends after the place
            held = found < len(ours)
            values = (pair[side] - pair[side][other.cls])[inside[held]]
            np.maximum.at(logits[:, side], ours[found[held]], values)
    return logits


def _read(
    reader: Reader, windower: Windower, examples: Sequence[Example], features: Sequence[Feature]
) -> list[NDArray[np.float32]]:
    """Return the teacher's logits for each window, (n, 2) each."""
    ours = [_window(windower, examples[feature.example], feature) for feature in features]
    theirs = [_theirs(reader, examples[feature.example], own) for feature, own in zip(features, ours, strict=True)]
    logits = iter(reader.logits([window for group in theirs for window in group]))
    return [
        aligned(own, [(window, next(logits)) for window in group]) if group else _gold(feature)
        for feature, own, group in zip(features, ours, theirs, strict=True)
    ]


def _window(windower: Windower, example: Example, feature: Feature) -> Window:
    return windower.windows(example.question, [Context(example.context)])[feature.window]


def _theirs(reader: Reader, example: Example, window: Window) -> list[Window]:
    seen = window.offsets[window.in_context]  # (tokens of the context, 2)
    begin, end = (int(seen[0, 0]), int(seen[-1, 1])) if seen.size else (0, 0)
    try:
        return reader.windows(example.question, [Context(example.context[begin:end], begin)])
    except UsageError:  # the question alone fills its window
        return []


def _gold(feature: Feature) -> NDArray[np.float32]:
    """Return what a teacher would say that knows the answers; for questions that it cannot read."""
    logits = np.full((len(feature), 2), NEVER, dtype=np.float32)
    for start, end, _ in feature.spans:
        logits[start, 0] = logits[end, 1] = 0
    return logits


def _opened(path: Path, tokens: int) -> NDArray[Any]:
    if not path.exists():
        scratch = path.with_name(f".{path.name}.tmp")
        empty = np.lib.format.open_memmap(scratch, "w+", np.float16, (tokens, 2))
        empty[:] = np.nan
        empty.flush()
        scratch.replace(path)
    return np.lib.format.open_memmap(path, "r+")
