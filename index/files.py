"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def replace_file(target: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written beside its place and put it there when it is whole and on the disk.

    Args:
        target: Its place; what is there stays as it is until then, and where the writing fails.
        write: Is given the path to write to.
    """
    scratch = target.with_name(f".{target.name}.tmp")
    write(scratch)
    with scratch.open("rb") as file:
        os.fsync(file.fileno())
    scratch.replace(target)


def replace_text(target: Path, text: str) -> None:
    """Write a text file in UTF-8, whole or not at all."""
    replace_file(target, lambda scratch: scratch.write_text(text, encoding="utf-8"))
