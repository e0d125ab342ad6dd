"""The mean of several readers' weights: better than each where all were trained on from one of them.

What such readers learned by heart differs and cancels out; what they learned does not (Wortsman et al. 2022).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from qa.backends import first_line

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


def average(model: Any, tokenizer: Any, others: Sequence[str | os.PathLike[str]]) -> None:
    """Give a model the mean of its own weights and those in the folders of others, each counting the same.

    Args:
        model: A transformers model in single precision; its weights are replaced.
        tokenizer: Its tokenizer, whose vocabulary must be that of the others.
        others: Folders of checkpoints of the same architecture.

    Raises:
        ModelError: A folder holds no such checkpoint.
    """
    import torch
    from transformers import AutoTokenizer

    sums = {name: values.detach().clone() for name, values in model.named_parameters()}
    for folder in others:
        try:
            other, report = type(model).from_pretrained(
                folder, dtype=torch.float32, local_files_only=True, output_loading_info=True
            )
            words = AutoTokenizer.from_pretrained(folder, local_files_only=True).get_vocab()
        except Exception as error:  # a broken file can raise anything
            raise ModelError(f"{Path(folder)} holds no model like the other: {first_line(error)}") from None
        weights = dict(other.named_parameters())
        alike = {name: values.shape for name, values in weights.items()} == {
            name: values.shape for name, values in sums.items()
        }
        if report["missing_keys"] or not alike or words != tokenizer.get_vocab():
            raise ModelError(f"{Path(folder)} cannot be averaged: its layers or its vocabulary are not the same.")
        for name, values in weights.items():
            sums[name] += values.detach()
    with torch.no_grad():
        for name, values in model.named_parameters():
            values.copy_(sums[name] / (1 + len(others)))
