"""What answers are decoded from: a model that gives each token of a window a start and an end logit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.embedder import lacking
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from qa.windows import Context, Window

    Logits = tuple[NDArray[np.float32], NDArray[np.float32]]

DEFAULT_READER = Path(__file__).parent / "models" / "reader"
_MEMBERS = ("name", "folder", "fingerprint", "count_tokens", "windows", "logits")


@runtime_checkable
class Reader(Protocol):
    """A span-extraction model. An implementer gives windows and their logits; decoding is not its concern.

    All methods may be called from several threads at once.

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
        """Return raw start and end logits of each window, two float32 arrays of its length, in the order given."""
        ...


def load_reader(spec: str | os.PathLike[str] | Reader | None = None) -> Reader:
    """Return a reader: the bundled one, one from a folder (ONNX if it holds an ONNX file, else torch), or the object.

    Raises:
        ModelError: There is no such folder, it does not hold a reader, or the object is none.
    """
    from qa.backends import OnnxReader, TorchReader

    if spec is None:
        return OnnxReader(DEFAULT_READER)
    if not isinstance(spec, str | os.PathLike):
        if lacks := lacking(spec, _MEMBERS):
            raise ModelError(
                "A reader is a name, a folder or an object that follows qa.Reader:"
                f" the object of type {type(spec).__name__} lacks {lacks}."
            )
        return spec
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
