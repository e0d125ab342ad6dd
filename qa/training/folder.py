"""What a run keeps on disk; every file appears whole or not at all, so that a kill loses minutes at most."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError, UsageError
from index.files import replace_file, replace_text
from qa.adapters import is_adapted, merged, save_adapter
from qa.training.course import Course
from qa.training.schedule import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.training.settings import Settings


class RunFolder:
    """The folder of one run.

    Attributes:
        path: The folder; made when the run is claimed.
        state: All that a run needs to go on: weights, optimizer and position.
        checkpoint: The finished model; there once training is over.
        adapter: What of it was trained, if that is an adapter.
        reader: What is exported from it.
        evaluation: What the held-out questions came to.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.state = self.path / "state.safetensors"
        self.checkpoint = self.path / "checkpoint"
        self.adapter = self.path / "adapter"
        self.reader = self.path / "reader"
        self.evaluation = self.path / "evaluation.json"
        self._run = self.path / "run.json"

    def claim(self, settings: Settings, *, resume: bool) -> None:
        """Make the folder, or check that the run in it is the one to resume.

        Raises:
            UsageError: Another run is there, or this one and ``resume`` is false.
            ModelError: What is there cannot be read.
        """
        known = self._known()
        if known is not None:
            if not resume:
                raise UsageError(f"{self.path} holds a run: resume it (--resume), or give another folder.")
            was, now = known["settings"], _plain(settings)
            changed = [f"{name} (was {was.get(name)!r})" for name in now if was.get(name) != now[name]]
            if changed:
                raise UsageError(f"{self.path} was begun with other settings: {', '.join(changed)}. Give the same.")
        self.path.mkdir(parents=True, exist_ok=True)

    def fix(self, settings: Settings, examples: str, frozen: str) -> None:
        """Note what the run is made of, by hashes, or check that it is still made of that.

        Raises:
            UsageError: The examples, or the weights that are not trained, are not those that the run was begun with.
        """
        known = self._known()
        if known is None:
            self.write_json(self._run, {"settings": _plain(settings), "examples": examples, "frozen": frozen})
        elif known["examples"] != examples:
            raise UsageError(f"The files are not those that the run in {self.path} was begun with: give the same.")
        elif known["frozen"] != frozen:
            raise UsageError(f"{settings.base} has other weights than when the run in {self.path} was begun with it.")

    def save_state(self, model: Any, optimizer: Any, position: Position) -> None:
        """Write the weights, the optimizer and the position in one file.

        That the run was told to end is not kept: what is resumed goes on to its own end.
        """
        from safetensors.torch import save_file

        tensors = {f"model.{name}": values.detach().contiguous() for name, values in _trained(model)}
        for number, values in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{name}": tensor for name, tensor in values.items()}
        metadata = {"position": json.dumps(asdict(replace(position, ending=None)))}
        replace_file(self.state, lambda scratch: save_file(tensors, scratch, metadata))

    def load_state(self, model: Any, optimizer: Any) -> Position:
        """Put the saved weights and optimizer in place and return the position; without a state, the beginning.

        Raises:
            ModelError: The state is damaged or is of another model.
        """
        if not self.state.is_file():
            return Position()
        import torch
        from safetensors import SafetensorError, safe_open

        moments: dict[int, dict[str, torch.Tensor]] = {}
        try:
            with safe_open(self.state, framework="pt") as file, torch.no_grad():
                for name, values in _trained(model):
                    values.copy_(file.get_tensor(f"model.{name}"))
                for key in file.keys():  # noqa: SIM118 - not a mapping
                    kind, number, name = key.split(".", 2)
                    if kind == "optimizer":
                        moments.setdefault(int(number), {})[name] = file.get_tensor(key)
                record = json.loads(file.metadata()["position"])
            optimizer.load_state_dict({"state": moments, "param_groups": optimizer.state_dict()["param_groups"]})
            return Position(**{**record, "course": Course(**record["course"])})
        except (SafetensorError, RuntimeError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{self.state} cannot be resumed ({type(error).__name__}: {error}).") from None

    def save_checkpoint(self, model: Any, tokenizer: Any) -> None:
        """Write the finished model."""
        tokenizer.backend_tokenizer.no_truncation()  # what the last window was cut to is no property of the model
        tokenizer.backend_tokenizer.no_padding()

        def write(scratch: Path) -> None:
            model.save_pretrained(scratch)
            tokenizer.save_pretrained(scratch)

        if is_adapted(model):
            if not self.adapter.is_dir():
                self.make(self.adapter, lambda scratch: save_adapter(model, scratch))
            model = merged(model)
        self.make(self.checkpoint, write)

    def make(self, target: Path, write: Callable[[Path], Any]) -> None:
        """Let a folder be written beside its place and put it there when it is whole."""
        scratch = self.path / f".{target.name}.tmp"
        shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
        write(scratch)
        scratch.replace(target)

    def write_json(self, target: Path, record: dict[str, Any]) -> None:
        """Write a JSON file."""
        replace_text(target, json.dumps(record, indent=1, ensure_ascii=False) + "\n")

    def _known(self) -> dict[str, Any] | None:
        if not self._run.exists():
            return None
        try:
            known: dict[str, Any] = json.loads(self._run.read_text(encoding="utf-8"))
            known["settings"], known["examples"], known["frozen"]
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{self._run} cannot be read ({error!r}): give another folder.") from None
        return known


def _trained(model: Any) -> Iterator[tuple[str, Any]]:
    return ((name, values) for name, values in model.named_parameters() if values.requires_grad)


def _plain(settings: Settings) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()}
