"""``article-qa train``: from questions with answers to a reader of one's own."""

from __future__ import annotations

import logging
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import InputError, ModelError, UsageError

if TYPE_CHECKING:
    from eval.datasets import Dataset
    from qa.training import RunFolder

DONE, STOPPED = 0, 130  # as what Ctrl-C ended
CALIBRATION_LIMIT = 1500  # questions of each file
EXAMPLES = """\b
Examples:
  article-qa train squad2_train.json.gz wikinews.json.gz --out run --minutes 240
  article-qa ask --reader run/reader story.txt "Who offered the reward?"
  article-qa train corrections.json --out mine --steps 200 --evaluate held-out.json.gz"""
_SHOWN = ("total", "exact", "f1", "HasAns_right", "NoAns_exact", "best_span_f1")


def train(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="SQuAD v1.1 or v2 JSON, gzipped or not.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder of the run.", show_default=False)],
    base: Annotated[
        str | None,
        typer.Option(
            metavar="MODEL",
            help="Start from this checkpoint instead of the bundled reader: a folder, or the name of a downloaded"
            " model. A plain encoder gets a new span head.",
        ),
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, metavar="M", help="Train for so long.")] = None,
    steps: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Train for so many batches; by default one pass.")
    ] = None,
    evaluate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="At the end, score the reader on these questions; their texts are not learned."
        ),
    ] = None,
    teacher: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Learn from this reader's logits too; whatever its vocabulary."),
    ] = None,
    lora: Annotated[
        int,
        typer.Option(min=0, metavar="RANK", help="Train an adapter of this rank, not the model's own weights."),
    ] = 0,
    freeze: Annotated[int, typer.Option(min=0, metavar="N", help="Lowest layers that get no adapter.")] = 0,
    adapter: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Go on with this adapter, trained on the same base."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in DIR; give the same options.")] = False,
    learning_rate: Annotated[
        float, typer.Option("--lr", min=1e-8, max=1.0, metavar="RATE", help="Learning rate.")
    ] = 1e-4,
    warmup: Annotated[
        int, typer.Option(min=0, metavar="N", help="Batches until it is reached, at most a tenth of the run.")
    ] = 300,
    decay: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Last part of the run, over which it falls to zero.")
    ] = 0.2,
    tokens: Annotated[int, typer.Option(min=64, metavar="N", help="Tokens of a batch.")] = 4500,
    max_length: Annotated[int, typer.Option(min=64, metavar="N", help="Tokens of a question and its text.")] = 384,
    negatives: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="Questions also asked of a similar paragraph without the answer.",
        ),
    ] = 0.1,
    join: Annotated[
        float, typer.Option(min=0, max=1, metavar="SHARE", help="Questions whose paragraph is read with a neighbour.")
    ] = 0.3,
    crop: Annotated[
        int, typer.Option(min=0, metavar="N", help="Keep about so many tokens of a paragraph; 0 keeps all.")
    ] = 0,
    swap: Annotated[
        float,
        typer.Option(min=0, max=1, metavar="SHARE", help="Questions also asked with another name in them, unanswered."),
    ] = 0.06,
    dropout: Annotated[
        float, typer.Option(min=0, max=0.9, metavar="SHARE", help="Hidden values left out at random in each step.")
    ] = 0.1,
    bf16: Annotated[
        bool | None,
        typer.Option("--bf16/--fp32", help="By default bf16 where the processor has it.", show_default=False),
    ] = None,
    quantize: Annotated[
        bool, typer.Option("--quantize/--no-quantize", help="Store the reader's ONNX weights as int8, else as fp32.")
    ] = True,
    seed: Annotated[int, typer.Option(metavar="N", help="Of every choice.")] = 0,
) -> int:
    """Fine-tune a reader on questions with answers.

    One title in sixteen is left out, and used to fit the reader's confidence. DIR/reader is the result, exported and
    quantised. Ctrl-C lets the learning rate fall and ends soon, with a reader; a second one stops at once. What was
    stopped, or killed, goes on with --resume where it was.
    """
    from eval.datasets import load_squad
    from qa.reader import DEFAULT_READER
    from qa.training import RunFolder, Settings
    from qa.training import train as run

    settings = Settings(
        files=tuple(str(file) for file in files), base=base or str(DEFAULT_READER), steps=steps, minutes=minutes,
        learning_rate=learning_rate, warmup=warmup, decay=decay, tokens=tokens, max_length=max_length,
        negatives=negatives, join=join, swap=swap, dropout=dropout, bf16=bf16, teacher=teacher, seed=seed,
        crop=crop, lora=lora, freeze=freeze, adapter=adapter, quantize=quantize,
        evaluate=str(evaluate) if evaluate else None,
    )  # fmt: skip
    if adapter and (lora or freeze):
        raise UsageError(f"{adapter} has its own rank and layers: leave out --lora and --freeze.")
    if freeze and not lora:
        raise UsageError("--freeze says which layers get no adapter: give --lora as well.")
    if tokens < max_length:
        raise UsageError(f"A batch of {tokens} tokens cannot hold a window of {max_length}: raise --tokens.")
    if evaluate is not None and not len(load_squad(evaluate)):  # an error now, not after hours of training
        raise InputError(f"{evaluate} has no question to ask: give another file to evaluate on.")
    calibration = _left_out(files, seed)
    folder = RunFolder(out)
    if not run(settings, folder, resume=resume):
        sys.stderr.write(f"Stopped. Give the same command with --resume to go on with {out}.\n")
        return STOPPED
    _export(folder, quantize=quantize)
    if calibration:
        _calibrate(folder, calibration)
    if evaluate is not None:
        _evaluate(folder, evaluate)
    typer.echo(f'Reader: {folder.reader}. Use it: article-qa ask --reader {folder.reader} FILE "question"')
    return DONE


def _export(folder: RunFolder, *, quantize: bool) -> None:
    from qa.export import export_reader

    if folder.reader.is_dir():
        return
    sys.stderr.write("Exporting.\n")
    silent = logging.NullHandler()
    logging.getLogger().addHandler(silent)  # else onnxruntime opens the log for every library that comes later
    try:
        folder.make(folder.reader, lambda scratch: export_reader(folder.checkpoint, scratch, quantize=quantize))
    finally:
        logging.getLogger().removeHandler(silent)


def _left_out(files: list[Path], seed: int) -> Dataset | None:
    """Return what the reader's confidence is fitted to, where enough questions are left out of training."""
    from eval.calibration_set import FEWEST, calibration_set

    try:
        return calibration_set(files, CALIBRATION_LIMIT, seed, FEWEST)
    except InputError as error:
        sys.stderr.write(f"Confidence will not be fitted, so answers will show none: {error}\n")
        return None


def _calibrate(folder: RunFolder, dataset: Dataset) -> None:
    from eval.calibrate import calibrate
    from qa import Library
    from qa.calibration import CALIBRATOR_FILE

    if (folder.reader / CALIBRATOR_FILE).is_file():
        return
    try:
        with Library(reader=folder.reader) as library:
            fitted = calibrate(library, dataset).fitted_on
        if folder.adapter.is_dir():  # that it goes along with it, see ``export --adapter``
            shutil.copyfile(folder.reader / CALIBRATOR_FILE, folder.adapter / CALIBRATOR_FILE)
        error = f", ECE {fitted['ece']} on other titles" if "ece" in fitted else ""
        sys.stderr.write(f"Confidence fitted to {fitted['questions']} questions{error}.\n")
    except ModelError as error:
        sys.stderr.write(f"Confidence not fitted, so answers show none: {error}\n")


def _evaluate(folder: RunFolder, file: Path) -> None:
    from eval.datasets import load_squad
    from eval.evaluator import AnswerEvaluator
    from qa import Library

    with Library(reader=folder.reader) as library:
        metrics: dict[str, Any] = AnswerEvaluator(load_squad(file))(library)
    folder.write_json(folder.evaluation, {"file": str(file), "metrics": metrics})
    typer.echo(f"{file.name}: " + ", ".join(f"{name} {metrics[name]:g}" for name in _SHOWN if name in metrics))
