"""What answers are decoded from: a model that gives each token of a window a start and an end logit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.errors import ModelError

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qa.windows import Context, Window

    Logits = tuple[NDArray[np.float32], NDArray[np.float32]]

DEFAULT_READER = Path(__file__).parent / "models" / "reader"


@runtime_checkable
class Reader(Protocol):
    """A span-extraction model. An implementer gives windows and their logits; decoding is not its concern.

    Attributes:
        name: Shown to people.
        fingerprint: Changes whenever the weights do; a calibrator fits one fingerprint only.
        folder: Where ``calibrator.json`` may lie beside the model, or None.
    """

    name: str
    folder: Path | None

    @property
    def fingerprint(self) -> str:
        """A short hash of the weights."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> Sequence[int]:
        """Return the number of tokens of each text, special tokens left out; chunks are cut by it."""
        ...

    def windows(self, question: str, contexts: Sequence[Context]) -> list[Window]:
        """Return all windows over all contexts; every code point of a context lies in at least one.

        Raises:
            UsageError: The question alone fills the window.
        """
        ...

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """Return raw start and end logits of each window, two float32 arrays of its length, in the order given.

        Must be safe to call from several threads at once.
        """
        ...


def load_reader(spec: str | os.PathLike[str] | Reader | None = None) -> Reader:
    """Return a reader: the bundled one, one from a folder (ONNX if it holds an ONNX file, else torch), or the object.

    Raises:
        ModelError: There is no such folder, or it does not hold a reader.
    """
    from qa.backends import OnnxReader, TorchReader

    if spec is None:
        return OnnxReader(DEFAULT_READER)
    if isinstance(spec, Reader):
        return spec
    if not isinstance(spec, str | Path):
        raise ModelError(
            f"A reader is a name, a folder or an object with windows() and logits(), not {type(spec).__name__}."
        )
    folder = Path(spec)
    if not folder.is_dir():
        folder = _downloaded(str(spec))
    return OnnxReader(folder) if any(folder.glob("*.onnx")) else TorchReader(folder)


def _downloaded(name: str) -> Path:
    """Return the folder of a model that an earlier download left in the Hugging Face cache; never downloads."""
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:
        raise ModelError(
            f"Reader {name!r} is neither a folder nor a downloaded model: download it first, then give its folder."
        ) from None
