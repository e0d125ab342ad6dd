"""``article-qa export``: from a fine-tuned checkpoint to a reader that runs fast."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def export(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="Folder of a fine-tuned question-answering model.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the reader goes; made if missing.")],
    quantize: Annotated[
        bool, typer.Option("--quantize/--no-quantize", help="Store the ONNX weights as int8, else as fp32.")
    ] = True,
    adapter: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Add this adapter to the checkpoint, which may then be a plain encoder."),
    ] = None,
    average: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Take the mean of this checkpoint's weights too; can be given several times."),
    ] = None,
) -> None:
    """Turn a checkpoint into a reader.

    The reader is ONNX to run and half-precision safetensors to fine-tune further. A calibrator in FOLDER is removed,
    for it was fitted to other weights; that of an adapter is taken along.
    """
    from qa.export import export_reader

    path = export_reader(checkpoint, folder, quantize=quantize, adapter=adapter, others=average or ())
    typer.echo(f"{path} ({path.stat().st_size / 2**20:.1f} MiB)")
