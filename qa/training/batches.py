"""Batches of a bounded number of tokens, windows of like length together, in an order that the seed fixes."""

from __future__ import annotations

import random
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from qa.backends import batches_by_length

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qa.training.features import Feature

BLOCK = 2048  # windows among which like lengths are looked for; a whole set sorted by length would not be random


def one_pass(lengths: Sequence[int], tokens: int, seed: str) -> list[list[int]]:
    """Return batches that hold every window once, each of at most ``tokens`` tokens when padded to its longest.

    A window that is longer than that is a batch by itself.
    """
    rng = random.Random(seed)  # noqa: S311 - an order, not a secret
    order = list(range(len(lengths)))
    rng.shuffle(order)
    batches = []
    for at in range(0, len(order), BLOCK):
        block = order[at : at + BLOCK]
        groups = batches_by_length([lengths[number] for number in block], tokens)
        rng.shuffle(groups)
        batches += [[block[place] for place in group] for group in groups]
    return batches


def endless(lengths: Sequence[int], tokens: int, seed: int) -> Iterator[list[int]]:
    """Yield the batches of one pass after another, each in its own order; the same for the same seed."""
    for number in count():
        yield from one_pass(lengths, tokens, f"{seed}-{number}")


def collate(features: Sequence[Feature], pad_token_id: int) -> dict[str, NDArray[np.int64]]:
    """Pad windows to the longest and stack them, (windows, longest), with the attention mask."""
    longest = max(map(len, features))
    fills = {"input_ids": pad_token_id}
    batch = {
        name: np.full((len(features), longest), fills.get(name, 0), dtype=np.int64)
        for name in (*features[0].inputs, "attention_mask")
    }
    for row, feature in enumerate(features):
        for name, values in feature.inputs.items():
            batch[name][row, : len(feature)] = values
        batch["attention_mask"][row, : len(feature)] = 1
    return batch


def soft_targets(features: Sequence[Feature], longest: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for each window the share of votes for every token as the first and as the last, (windows, longest)."""
    starts, ends = np.zeros((2, len(features), longest), dtype=np.float32)
    for row, feature in enumerate(features):
        total = sum(votes for *_, votes in feature.spans)
        for start, end, votes in feature.spans:
            starts[row, start] += votes / total
            ends[row, end] += votes / total
    return starts, ends
