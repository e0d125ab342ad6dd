"""SQuAD files, gzipped or not, as evaluation, calibration and training all read them."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from index.loaders.parsed import whole_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class SquadAnswer:
    """An accepted answer: its text, and its offset in the context; None where it does not stand where the file says."""

    text: str
    start: int | None


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """A question as it was asked; no answers means that the context does not say."""

    id: str
    text: str
    answers: tuple[SquadAnswer, ...]


@dataclass(frozen=True, slots=True)
class SquadParagraph:
    """A context and the questions about it."""

    context: str
    questions: tuple[SquadQuestion, ...]


@dataclass(frozen=True, slots=True)
class SquadTitle:
    """An article, under the name that the file gives it: its paragraphs in order."""

    name: str
    paragraphs: tuple[SquadParagraph, ...]


def read_squad(path: Path, elsewhere: Callable[[dict[str, Any]], str | None] | None = None) -> list[SquadTitle]:
    """Read a SQuAD v1.1 or v2 file, gzipped or not.

    Half characters, which JSON can name, become U+FFFD. Contexts that are empty are left out.

    Args:
        path: The file.
        elsewhere: Finds the context of a paragraph that does not contain it; where it finds None, the paragraph is left
            out.

    Raises:
        InputError: It is no such file, or asks about an empty context.
    """
    with reading(path):
        raw = path.read_bytes()
        data = json.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)["data"]
        return [_title(entry, elsewhere) for entry in data]


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


def _title(entry: dict[str, Any], elsewhere: Callable[[dict[str, Any]], str | None] | None) -> SquadTitle:
    paragraphs = []
    for record in entry["paragraphs"]:
        context = elsewhere(record) if elsewhere and "context" not in record else _text(record["context"])
        if context is None or not (context.strip() or record["qas"]):
            continue
        if not context.strip():
            raise ValueError("questions are asked about an empty context")
        paragraphs.append(SquadParagraph(context, tuple(_question(one, context) for one in record["qas"])))
    return SquadTitle(_text(entry.get("title") or ""), tuple(paragraphs))


def _question(record: dict[str, Any], context: str) -> SquadQuestion:
    answers = () if record.get("is_impossible") else record["answers"]
    return SquadQuestion(
        str(record.get("id", "")), _text(record["question"]), tuple(_answer(answer, context) for answer in answers)
    )


def _answer(record: dict[str, Any], context: str) -> SquadAnswer:
    text, start = _text(record["text"]), record.get("answer_start")
    stands = isinstance(start, int) and start >= 0 and text.strip() and context.startswith(text, start)
    return SquadAnswer(text, start if stands else None)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return whole_characters(value)  # no file and no tokenizer takes others
