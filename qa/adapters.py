"""A few weights trained beside a large model's own, which stay as they are (LoRA, Hu et al. 2021).

Backwards, nothing is computed for the model's own weights, and what is learned is a file of a few megabytes: it is kept
and passed on by itself, and becomes a reader with the model that it was trained on.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError, UsageError
from qa.backends import first_line

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

SCALE = 2.0  # by which what an adapter adds is multiplied
HEAD = "qa_outputs"  # trained as a whole, for of an encoder it is new
CONFIG_FILE = "adapter_config.json"
LAYER = "layer."  # in the name of a weight, before the number of its layer


def new_adapter(model: Any, rank: int, freeze: int = 0) -> Any:
    """Return the model with an adapter on every linear layer of it; only that and the span head are trained.

    Args:
        model: What is adapted; its own weights are not changed.
        rank: Of the matrices that are learned.
        freeze: Number of the encoder's lowest layers that get no adapter.

    Raises:
        ModelError: peft is missing.
        UsageError: No layer is left to adapt.
    """
    import torch

    peft = _peft()
    linear = [name for name, module in model.named_modules() if isinstance(module, torch.nn.Linear) and LAYER in name]
    adapted = [name for name in linear if _layer(name) >= freeze]
    if not adapted:
        layers = len({_layer(name) for name in linear})
        raise UsageError(f"The model has {layers} layers: --freeze {freeze} leaves none to adapt.")
    config = peft.LoraConfig(r=rank, lora_alpha=SCALE * rank, target_modules=adapted, modules_to_save=[HEAD])
    with _quietly():
        return peft.get_peft_model(model, config)


def load_adapter(model: Any, folder: str | os.PathLike[str], *, trainable: bool = False) -> Any:
    """Return the model with the adapter that lies in a folder.

    Raises:
        ModelError: There is none, it belongs to another model, or peft is missing.
    """
    peft = _peft()
    if not (Path(folder) / CONFIG_FILE).is_file():
        raise ModelError(f"{folder} is not the folder of an adapter: it has no {CONFIG_FILE}.")
    try:
        with _quietly():
            return peft.PeftModel.from_pretrained(model, str(folder), is_trainable=trainable, local_files_only=True)
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"The adapter in {folder} does not fit the model: {first_line(error)}") from None


def is_adapted(model: Any) -> bool:
    """Return whether a model has an adapter."""
    return hasattr(model, "peft_config")


def save_adapter(model: Any, folder: Path) -> None:
    """Write the adapter of a model, with the name of the model but not the place where it lay."""
    for config in model.peft_config.values():
        config.base_model_name_or_path = Path(config.base_model_name_or_path or "").name
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)  # a form to fill in


def merged(model: Any) -> Any:
    """Return the model with its adapter added to its own weights, as a plain model."""
    return model.merge_and_unload()


@contextmanager
def _quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of what peft calls in transformers
        yield


def _layer(name: str) -> int:
    return int(name.split(LAYER, 1)[1].split(".", 1)[0])


def _peft() -> Any:
    try:
        import peft
    except ImportError as error:
        raise ModelError(f"Adapters take more packages: pip install 'article-qa[train]' ({error}).") from None
    return peft
