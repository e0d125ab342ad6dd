"""The logits of another reader on the same windows, computed once and kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError, UsageError
from index.progress import progress
from qa.reader import load_reader
from qa.training.features import digest
from qa.training.loss import TEMPERATURE
from qa.windows import Context, Window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.reader import Reader
    from qa.training.examples import Example
    from qa.training.features import Feature
    from qa.windows import Windower

PROBES = 64  # examples by which two tokenizers are compared
PORTION = 256  # windows that the teacher reads at once; what is done is kept


class Teacher:
    """What another reader makes of the training windows.

    Args:
        spec: Folder or name of the reader.
        windower: Cut the windows.
        examples: What they were cut from.
        features: The windows.
        folder: Where the logits are kept; those that lie there are not computed again.

    Raises:
        ModelError: There is no such reader, or it cuts texts into other tokens.
    """

    def __init__(
        self, spec: str, windower: Windower, examples: Sequence[Example], features: Sequence[Feature], folder: Path
    ) -> None:
        reader = load_reader(spec)
        names = _checked_inputs(reader, windower, examples[:PROBES])
        self._offsets = np.cumsum([0, *map(len, features)])
        key = hashlib.sha256(f"{reader.fingerprint} {digest(features)}".encode()).hexdigest()[:16]
        self._logits = _opened(folder / f"teacher-{key}.npy", int(self._offsets[-1]))  # (tokens, 2)
        # not a number: not computed yet
        missing = [at for at in range(len(features)) if np.isnan(self._logits[self._offsets[at], 0])]
        portions = [missing[at : at + PORTION] for at in range(0, len(missing), PORTION)]
        for portion in progress(portions, "Asking the teacher", len(portions)):
            windows = [_window(features[at], names) for at in portion]
            for at, logits in zip(portion, reader.logits(windows), strict=True):
                begin, end = self._offsets[at], self._offsets[at + 1]
                pairs = np.stack(logits, -1)  # (n, 2)
                self._logits[begin + 1 : end] = pairs[1:]
                self._logits[begin] = pairs[0]  # last, for it says that the others are there

    def targets(self, batch: Sequence[int], longest: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the teacher's shares for every token as the first and as the last, at the loss's temperature."""
        shares = np.zeros((2, len(batch), longest), dtype=np.float32)
        for row, at in enumerate(batch):
            logits = self._logits[self._offsets[at] : self._offsets[at + 1]].astype(np.float32).T / TEMPERATURE
            powers = np.exp(logits - logits.max(-1, keepdims=True))
            shares[:, row, : powers.shape[-1]] = powers / powers.sum(-1, keepdims=True)
        return shares[0], shares[1]


def _checked_inputs(reader: Reader, windower: Windower, examples: Sequence[Example]) -> list[str]:
    """Return the names of the teacher's inputs once it is sure that it cuts texts as the windows were cut."""
    names: list[str] = []
    for example in examples:
        try:
            ours, theirs = (
                cutter.windows(example.question, [Context(example.context)])[0].inputs for cutter in (windower, reader)
            )
        except UsageError:  # too long a question for one of them says nothing about tokens
            continue
        names = list(theirs)
        shared = min(len(ours["input_ids"]), len(theirs["input_ids"])) - 1  # less the mark where one of them was cut
        if not np.array_equal(ours["input_ids"][:shared], theirs["input_ids"][:shared]):
            raise ModelError(f"{reader.name} cannot teach this model, for it cuts texts into other tokens.")
        if unknown := theirs.keys() - ours.keys():
            raise ModelError(f"{reader.name} cannot teach this model, which does without {', '.join(unknown)}.")
    return names


def _window(feature: Feature, names: Sequence[str]) -> Window:
    length = len(feature)
    inputs: dict[str, NDArray[np.int64]] = {
        name: np.ones(length, np.int64) if name == "attention_mask" else feature.inputs[name].astype(np.int64)
        for name in names
    }
    return Window(0, inputs, np.zeros((length, 2), np.int64), np.zeros(length, np.bool_), 0)


def _opened(path: Path, tokens: int) -> NDArray[Any]:
    if not path.exists():
        scratch = path.with_name(f".{path.name}.tmp")
        empty = np.lib.format.open_memmap(scratch, "w+", np.float16, (tokens, 2))
        empty[:] = np.nan
        empty.flush()
        scratch.replace(path)
    return np.lib.format.open_memmap(path, "r+")
