"""The checkpoint that training starts from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from index.errors import ModelError, UsageError
from qa.backends import first_line

if TYPE_CHECKING:
    from qa.training.settings import Settings


def load_base(settings: Settings) -> tuple[Any, Any, bool]:
    """Return the model in single precision, its tokenizer, and whether it got a new span head.

    A plain encoder gets one, drawn by the seed.

    Raises:
        ModelError: There is no such checkpoint, it is no encoder with a fast tokenizer, or torch is missing.
        UsageError: The windows are longer than the model takes.
    """
    try:
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise ModelError(f"Training takes more packages: pip install 'article-qa[train]' ({error}).") from None
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # else it draws a table of the missing head
    torch.manual_seed(settings.seed)
    try:
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            settings.base, dtype=torch.float32, local_files_only=True, output_loading_info=True
        )
        tokenizer = AutoTokenizer.from_pretrained(settings.base, local_files_only=True)
    except Exception as error:  # a broken file can raise anything
        raise ModelError(
            f"{settings.base} is neither a model folder nor a downloaded model to train: {first_line(error)}"
        ) from None
    missing = sorted(report["missing_keys"])
    if lost := [name for name in missing if name.startswith(f"{model.base_model_prefix}.")]:
        raise ModelError(f"{settings.base} is not a whole model: {len(lost)} weights are missing, such as {lost[0]}.")
    if not tokenizer.is_fast or tokenizer.pad_token_id is None:
        raise ModelError(f"The tokenizer in {settings.base} gives no offsets or no padding: a reader needs both.")
    limit = min(getattr(model.config, "max_position_embeddings", settings.max_length), tokenizer.model_max_length)
    if settings.max_length > limit:
        raise UsageError(
            f"{settings.base} reads {limit} tokens at most: --max-length {settings.max_length} is too long."
        )
    return model, tokenizer, bool(missing)


def frozen_digest(model: Any) -> str:
    """Return a short hash of the weights that are not trained: the state of a run is of no use with others."""
    found = hashlib.sha256()
    for name, values in model.named_parameters():
        if not values.requires_grad:
            found.update(name.encode())
            found.update(values.detach().contiguous().numpy())
    return found.hexdigest()[:16]


def has_token_types(model: Any) -> bool:
    """Return whether the model tells question from context by ``token_type_ids``."""
    return getattr(model.config, "type_vocab_size", 0) > 1


def has_fast_bf16() -> bool:
    """Return whether the processor has instructions for bfloat16; without them it is slower than single precision."""
    import torch

    found: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()  # older versions of torch cannot tell
    return bool(found.get("avx512_bf16") or found.get("amx_bf16"))
