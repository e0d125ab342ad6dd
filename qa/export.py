"""From a fine-tuned checkpoint to what ships: int8 ONNX to run, half-precision safetensors to fine-tune."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ModelError
from qa.adapters import HEAD, load_adapter, merged
from qa.averaging import average
from qa.backends import ONNX_FILE, OnnxReader, fingerprint, first_line
from qa.calibration import CALIBRATOR_FILE, Calibrator
from qa.samples import samples
from qa.windows import Context

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

PLAIN_FILE = "model.onnx"  # in single precision
ONNX_FILES = (ONNX_FILE, PLAIN_FILE)
PROBES = 4  # windows on which int8 is compared with single precision
GOOD_AGREEMENT = 0.98  # correlation of their logits that is good enough
LEAST_AGREEMENT = 0.9  # and under which the export is given up


def export_reader(
    checkpoint: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    *,
    quantize: bool = True,
    adapter: str | os.PathLike[str] | None = None,
    others: Sequence[str | os.PathLike[str]] = (),
) -> Path:
    """Write the reader in ``checkpoint`` to ``folder`` and return the path of its ONNX file.

    The folder gets the ONNX file (int8 weights per channel unless ``quantize`` is false, then fp32 ``model.onnx``),
    fp16 ``model.safetensors``, ``config.json`` and the tokenizer, when all are made: until then, what lay there stays.
    A calibrator that lay there is removed then, for it was fitted to other weights. With an ``adapter``, what it adds
    to the checkpoint is exported, and a calibrator beside it is taken over: the weights are the same, and int8 was
    checked to say the same, but the bytes of the file differ from one version of torch to the next. With ``others``,
    what is exported is the mean of their weights and the checkpoint's, which no calibrator was fitted to.

    Raises:
        ModelError: The checkpoint is no question-answering model or is broken, the folder is one of those given or
            holds other ONNX files, the adapter does not fit, its calibrator is broken, another checkpoint is of another
            kind, int8 says something else, or the packages of ``article-qa[train]`` are missing.
    """
    try:
        import onnx  # noqa: F401
        import torch
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise ModelError(
            f"Exporting a reader takes more packages: pip install 'article-qa[train]' ({error})."
        ) from None
    checkpoint, folder = Path(checkpoint), Path(folder)
    if not (checkpoint / "config.json").is_file():
        raise ModelError(f"{checkpoint} is not a model folder: it has no config.json.")
    made_of = (checkpoint, *others, *([] if adapter is None else [adapter]))
    if folder.resolve() in {Path(given).resolve() for given in made_of}:
        raise ModelError(f"{folder} is what the export is made of, and would be overwritten: give another folder.")
    if foreign := [file.name for file in folder.glob("*.onnx") if file.name not in ONNX_FILES]:
        raise ModelError(f"{folder} holds {foreign[0]}, which is no reader's: give another folder.")
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # else it draws a table of the head that an encoder does not have
    calibrator = Calibrator.read(Path(adapter)) if adapter is not None else None
    try:
        model, report = AutoModelForQuestionAnswering.from_pretrained(
            checkpoint,
            dtype=torch.float32,
            local_files_only=True,
            attn_implementation="eager",
            output_loading_info=True,
        )
        tokenizer = AutoTokenizer.from_pretrained(checkpoint, local_files_only=True)
    except Exception as error:  # a broken file can raise anything
        raise ModelError(f"{checkpoint} cannot be read as a model: {first_line(error)}") from None
    brought = f"{HEAD}." if adapter is not None else ()
    if missing := sorted(name for name in report["missing_keys"] if not name.startswith(brought)):
        raise ModelError(f"{checkpoint} has no trained question-answering head (missing: {', '.join(missing)}).")
    if adapter is not None:
        model = merged(load_adapter(model, adapter))
    if others:
        average(model, tokenizer, others)
    model.eval()
    with _in_the_place_of_another(folder) as made:
        plain, onnx_file = made.with_name(PLAIN_FILE), made / (ONNX_FILE if quantize else PLAIN_FILE)
        tokenizer.save_pretrained(made)
        model.config.save_pretrained(made)
        _to_onnx(model, plain)
        _quantize(plain, onnx_file) if quantize else plain.replace(onnx_file)
        model.half().save_pretrained(made)
        if calibrator and not others:
            replace(calibrator, fingerprint=fingerprint([onnx_file])).save(made)
    return folder / onnx_file.name


@contextmanager
def _in_the_place_of_another(folder: Path) -> Iterator[Path]:
    """Give a place to make a reader in; what is made there then replaces the one in ``folder``, if all went well."""
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as scratch:
            made = Path(scratch) / "reader"
            yield made
            for stale in (CALIBRATOR_FILE, *ONNX_FILES):
                (folder / stale).unlink(missing_ok=True)
            for file in made.iterdir():  # on the same disk: this takes no time and no room
                file.replace(folder / file.name)
    except BaseException:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _to_onnx(model: Any, path: Path) -> None:
    import torch

    class Logits(torch.nn.Module):  # gives a tuple, and takes its inputs in the order of ``names``
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *tensors: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            output = self.model(**dict(zip(names, tensors, strict=True)))
            return output.start_logits, output.end_logits

    names = ["input_ids", "attention_mask"]
    if getattr(model.config, "type_vocab_size", 0) > 1:
        names.append("token_type_ids")
    ids = torch.arange(16).repeat(2, 1)
    # The mask must hold zeros: with nothing masked the tracer leaves the mask out of the graph.
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0
    examples = {"input_ids": ids, "attention_mask": mask, "token_type_ids": (ids > 4).long()}
    outputs = ["start_logits", "end_logits"]
    # The tracing exporter: its graph runs 10% faster in onnxruntime than that of torch.export.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Logits().eval(), tuple(examples[name] for name in names), path, dynamo=False, opset_version=17,
            input_names=names, output_names=outputs,
            dynamic_axes={name: {0: "batch", 1: "length"} for name in [*names, *outputs]},
        )  # fmt: skip


def _quantize(source: Path, target: Path) -> None:
    """Quantise the weights to int8 per output channel; activations are quantised as they come.

    Weights get seven of the eight bits, for sums of full ones overflow on processors without instructions for dot
    products of bytes, and some models then say nothing sensible. Where that still changes what the model says, the
    matrices that make vectors shorter stay as they are, for what comes to them has the largest outliers.

    Raises:
        ModelError: The model says something else all the same.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = source.with_name("prepared.onnx")
    quant_pre_process(source, prepared, skip_symbolic_shape=True)
    graph = onnx.load(prepared).graph
    shapes = {weight.name: weight.dims for weight in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in shapes]
    narrowing = [node.name for node in products if shapes[node.input[1]][0] > shapes[node.input[1]][1]]
    for left in ([], narrowing):
        quantize_dynamic(
            prepared, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
            op_types_to_quantize=["MatMul", "Gather"], nodes_to_exclude=left,
        )  # fmt: skip
        agreement = _agreement(target.parent, source, target)
        if agreement >= GOOD_AGREEMENT:
            return
    if not agreement >= LEAST_AGREEMENT:  # nor where nothing varies and it is no number
        raise ModelError(f"As int8 this model says something else (correlation {agreement:.2f}): give --no-quantize.")


def _agreement(folder: Path, exact: Path, quantised: Path) -> float:
    """Return the correlation of the logits of two files of a reader, on a sample article."""
    sample, said = samples()[0], []
    for file in (exact, quantised):
        reader = OnnxReader(folder, str(file.resolve()))
        windows = reader.windows(sample.questions[0], [Context(sample.article.text, 0)])[:PROBES]
        said.append(np.concatenate([values for pair in reader.logits(windows) for values in pair]))
    return float(np.corrcoef(said)[0, 1])
