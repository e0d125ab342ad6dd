"""The default embedder without torch: the published weights, run by onnxruntime through a graph that we made."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError

if TYPE_CHECKING:
    from index.embedder import Vectors

_MAX_TOKENS = 256  # what all-MiniLM-L6-v2 reads of a text
_DIMENSION = 384
_UNUSED = ("pooler.", "embeddings.position_ids")  # in the checkpoint, but no part of a sentence embedding


class OnnxEmbedder:
    """all-MiniLM-L6-v2: the vectors of ``SentenceTransformerEmbedder``, ready in a fraction of the time.

    Importing torch and sentence-transformers takes several seconds; this takes a few tenths.

    Args:
        folder: Holds ``model.safetensors`` and ``tokenizer.json``; checked by the caller.
        name: What to call it.
        fingerprint: Of the weights; the same as under sentence-transformers, for the vectors are the same.
    """

    dimension = _DIMENSION

    def __init__(self, folder: Path, *, name: str, fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._folder = folder
        self._lock = Lock()
        self._loaded: tuple[Any, Any] | None = None
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="embedder")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each passage, float32 of shape (len(texts), 384)."""
        if not texts:
            return np.empty((0, _DIMENSION), np.float32)
        session, tokenizer = self._load()
        encodings = tokenizer.encode_batch(list(texts))
        # One text a run on one thread, the longest first: nothing is padded and every core is busy to the end.
        runs = {}
        for at in sorted(range(len(texts)), key=lambda at: -len(encodings[at].ids)):
            ids = np.array([encodings[at].ids], dtype=np.int64)  # (1, n)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            runs[at] = self._pool.submit(session.run, ["embedding"], feed)
        return np.concatenate([runs[at].result()[0] for at in range(len(texts))])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit row for each question; this model embeds questions and passages alike."""
        return self.encode_passages(texts)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                self._loaded = _session(self._folder), _tokenizer(self._folder)
            return self._loaded


def _session(folder: Path) -> Any:
    import onnxruntime
    from safetensors.numpy import load_file

    from index.onnx_graph import GRAPH

    try:
        stored = load_file(folder / "model.safetensors")
        weights = {name: weight for name, weight in stored.items() if not name.startswith(_UNUSED)}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(weight) for weight in weights.values()]
        options.add_external_initializers(list(weights), values)
        return onnxruntime.InferenceSession(GRAPH, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the libraries raise anything for a broken model; a user needs one line
        raise _broken(folder, error) from None


def _tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises nothing narrower
        raise _broken(folder, error) from None
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _broken(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"The embedder in {folder} cannot be loaded: {' '.join(str(error).split())[:200]}")
