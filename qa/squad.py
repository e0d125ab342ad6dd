"""SQuAD files, gzipped or not, as they stand on the disk; what is made of them is up to evaluation and training."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def squad_entries(path: Path) -> list[dict[str, Any]]:
    """Return the titles of a SQuAD file, gzipped or not, as they stand in it; use within ``reading``."""
    raw = path.read_bytes()
    entries: list[dict[str, Any]] = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)["data"]
    return entries


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever a file that is not in the SQuAD format raises into one line.

    Raises:
        InputError: Something was raised.
    """
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} is not a SQuAD file ({type(error).__name__}: {error}).") from None
