"""The two readers that ship: onnxruntime (default, needs no torch) and torch (any Hugging Face checkpoint)."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from qa.windows import MAX_TOKENS, Context, Window, Windower, stack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from qa.reader import Logits

ONNX_FILE = "model.int8.onnx"
BATCH_TOKENS = 2048  # padded tokens of one torch forward pass: enough for all cores, small enough for the caches


class _ModelReader:
    """What both share: the folder, the tokenizer and the windows."""

    def __init__(
        self, folder: Path, weights: Sequence[Path], tokenizer: Any, *, token_types: bool, max_tokens: int = MAX_TOKENS
    ) -> None:
        self.folder: Path | None = folder
        self.name = folder.name
        self._weights = weights
        self._windower = Windower(tokenizer, token_types=token_types, max_tokens=max_tokens)
        self._pad = int(tokenizer.pad_token_id or 0)

    @cached_property
    def fingerprint(self) -> str:
        """First 16 hex digits of the SHA-256 of the weights."""
        return fingerprint(self._weights)

    def count_tokens(self, texts: Sequence[str]) -> Sequence[int]:
        """Return the number of tokens of each text, special tokens left out."""
        return self._windower.count_tokens(texts)

    def windows(self, question: str, contexts: Sequence[Context]) -> list[Window]:
        """Return all windows over all contexts."""
        return self._windower.windows(question, contexts)


class OnnxReader(_ModelReader):
    """A reader run by onnxruntime.

    Each window is a run of its own on one thread and the windows share the cores: a quantised model this small spends
    much of its time in operators that do not use a second thread, and windows run alone need no padding.

    Args:
        folder: Holds an ONNX file, ``tokenizer.json`` and ``config.json``.
        file: Name of the ONNX file; by default ``model.int8.onnx``, else the only one.
        threads: How many windows run at once; by default one for each core.
        max_tokens: Longest window, question and special tokens included; a longer context is cut into several.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        file: str | None = None,
        threads: int | None = None,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        folder = Path(folder)
        weights = folder / file if file else _onnx_file(folder)
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelError(f"{weights} is not a model that onnxruntime can run: {first_line(error)}") from None
        self._names = {entry.name for entry in self._session.get_inputs()}
        outputs = {entry.name for entry in self._session.get_outputs()}
        if not {"start_logits", "end_logits"} <= outputs:
            raise ModelError(
                f"{weights} gives {', '.join(sorted(outputs))}: a reader gives start_logits and end_logits."
            )
        if unknown := self._names - {"input_ids", "attention_mask", "token_type_ids"}:
            raise ModelError(f"{weights} wants {', '.join(sorted(unknown))}, which no tokenizer gives.")
        # Unlike AutoTokenizer, this class does not import torch.
        from transformers import PreTrainedTokenizerFast

        tokenizer = _load_tokenizer(folder, PreTrainedTokenizerFast)
        token_types = "token_type_ids" in self._names
        super().__init__(folder, [weights], tokenizer, token_types=token_types, max_tokens=max_tokens)
        self._threads = threads or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="reader")

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """Return raw start and end logits of each window, in the order given."""
        # The longest first, so that no core is left with a long window at the end.
        order = sorted(range(len(windows)), key=lambda at: -len(windows[at]))
        found: dict[int, Logits] = {}
        runs: deque[tuple[int, Future[Logits]]] = deque()
        try:
            for at in order:
                if len(runs) == 2 * self._threads:  # as many as keep the cores busy; others who ask come in between
                    first, run = runs.popleft()
                    found[first] = run.result()
                runs.append((at, self._pool.submit(self._run, windows[at])))
            found |= {at: run.result() for at, run in runs}
        finally:  # who gives up leaves nothing to wait for
            for _, run in runs:
                run.cancel()
        return [found[at] for at in range(len(windows))]

    def _run(self, window: Window) -> Logits:
        feed = {name: tensor[None] for name, tensor in window.inputs.items() if name in self._names}
        starts, ends = self._session.run(["start_logits", "end_logits"], feed)  # (1, n) each
        return starts[0], ends[0]


class TorchReader(_ModelReader):
    """Any Hugging Face question-answering model folder, run by torch in single precision."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        folder = Path(folder)
        weights = sorted(folder.glob("*.safetensors"))
        if not weights:
            raise ModelError(f"{folder} has no .safetensors weights: save the model with save_pretrained first.")
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        try:
            model, report = AutoModelForQuestionAnswering.from_pretrained(
                folder, dtype=torch.float32, local_files_only=True, output_loading_info=True
            )
        except Exception as error:
            raise ModelError(f"{folder} cannot be loaded as a reader: {first_line(error)}") from None
        if missing := sorted(report["missing_keys"]):
            raise ModelError(f"{folder} has no trained question-answering head (missing: {', '.join(missing)}).")
        self._model = model.eval()
        token_types = getattr(model.config, "type_vocab_size", 0) > 1
        super().__init__(folder, weights, _load_tokenizer(folder, AutoTokenizer), token_types=token_types)

    def logits(self, windows: Sequence[Window]) -> list[Logits]:
        """Return raw start and end logits of each window, in the order given."""
        import torch

        found: dict[int, Logits] = {}
        for batch in batches_by_length([len(window) for window in windows]):
            inputs = stack([windows[at] for at in batch], self._pad)
            with torch.inference_mode():
                output = self._model(**{name: torch.from_numpy(tensor) for name, tensor in inputs.items()})
            starts, ends = (
                output.start_logits.numpy(),
                output.end_logits.numpy(),
            )  # (len(batch), longest) each
            for row, at in enumerate(batch):
                found[at] = starts[row, : len(windows[at])], ends[row, : len(windows[at])]
        return [found[at] for at in range(len(windows))]


def fingerprint(weights: Sequence[Path]) -> str:
    """Return what tells files of weights from others: the first 16 hex digits of the SHA-256 of theirs."""
    digest = hashlib.sha256()
    for path in weights:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def batches_by_length(lengths: Sequence[int], tokens: int = BATCH_TOKENS) -> list[list[int]]:
    """Group indices so that each group, padded to its longest, has at most that many tokens; like lengths together."""
    groups: list[list[int]] = []
    for at in sorted(range(len(lengths)), key=lambda at: -lengths[at]):
        if groups and lengths[groups[-1][0]] * (len(groups[-1]) + 1) <= tokens:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message, or its type when it has none."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _onnx_file(folder: Path) -> Path:
    files = sorted(folder.glob("*.onnx"))
    chosen = folder / ONNX_FILE
    if chosen in files:
        return chosen
    if len(files) != 1:
        raise ModelError(f"{folder} holds {len(files)} ONNX files where one was expected: name it {ONNX_FILE}.")
    return files[0]


def _load_tokenizer(folder: Path, kind: Any) -> Any:
    try:
        tokenizer = kind.from_pretrained(folder, local_files_only=True)
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {first_line(error)}") from None
    if not tokenizer.is_fast:
        raise ModelError(f"The tokenizer in {folder} gives no offsets: a reader needs a fast tokenizer.")
    return tokenizer
