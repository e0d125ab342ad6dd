"""What the arguments of a command mean: which are articles, which is the question, and what stands in them."""

from __future__ import annotations

import difflib
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qa import Article

STDIN = "-"
STDIN_TITLE = "standard input"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what to call it in a message: where it was written, or nothing for the only one."""

    text: str
    origin: str = ""


def split_words(words: Sequence[str]) -> tuple[list[str], str | None]:
    """Tell the articles from the question: the last argument, unless it is a file or reads like the name of one.

    Raises:
        InputError: An argument that must be a file is not there.
    """
    if words and not _is_there(words[-1]) and not looks_like_path(words[-1]):
        return checked_files(words[:-1]), words[-1]
    return checked_files(words), None


def looks_like_path(word: str) -> bool:
    """Return whether an argument is meant as a file, though there is none of this name.

    It is when it ends like one (``story.pdf``), or is a single word with a path separator (``news/story``). What
    ends in a question mark is a question.
    """
    from index.loaders import SUFFIXES

    if word.rstrip().endswith("?"):
        return False
    separators = {"/", os.sep, os.altsep} - {None}
    single = not any(character.isspace() for character in word)
    return Path(word).suffix.lower() in SUFFIXES or (single and any(str(mark) in word for mark in separators))


def checked_files(words: Iterable[str]) -> list[str]:
    """Return the arguments, all of which are there.

    Raises:
        InputError: One is not.
    """
    words = list(words)
    for word in words:
        if not _is_there(word):
            raise InputError(f"{word} not found{_hint(word)}")
    check_standard_input(words)
    return words


def check_standard_input(words: Sequence[str]) -> None:
    """Refuse to read standard input twice.

    Raises:
        UsageError: The arguments name it more than once.
    """
    if words.count(STDIN) > 1:
        raise UsageError("Standard input (-) can be read only once: leave out the other -.")


def expand(words: Iterable[str]) -> Iterator[str]:
    """Yield the files, those in folders included: all with a supported suffix, in order, hidden ones left out.

    Raises:
        InputError: A folder cannot be listed, or has no article in it.
    """
    for word in words:
        if word == STDIN or not os.path.isdir(word):
            yield word
        else:
            yield from _walk(word)


def read_article(word: str) -> Article:
    """Read a file, or standard input for ``-``.

    Raises:
        InputError: It cannot be read; one line that starts with the path, or with "standard input".
    """
    from qa import read_file

    if word == STDIN:
        with _called("stdin.txt", STDIN_TITLE):
            article = read_file(_standard_input(), "stdin.txt")
        return replace(article, title=STDIN_TITLE, source=None)
    return read_file(word)


def read_questions(word: str) -> list[Question]:
    """Return the questions in a file, one on each line; blank lines and lines that start with # are skipped.

    Raises:
        InputError: The file cannot be read.
        UsageError: There is no question in it.
    """
    from qa import read_file

    if word != STDIN and (os.path.isdir(word) or not os.path.exists(word)):  # pipes, as of <(...), can be read
        raise InputError(f"{word} {'is a folder' if os.path.isdir(word) else 'not found'}: give a file of questions.")
    data = _standard_input() if word == STDIN else Path(word).read_bytes()
    name = STDIN_TITLE if word == STDIN else word
    if not data.strip():
        raise UsageError(f"There is no question in {name}: write one on each line.")
    as_text = f"{Path(name).name}.txt"
    with _called(as_text, name):
        lines = read_file(data, as_text).text.splitlines()
    questions = [
        Question(line.strip(), f"{name}, line {number}")
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not questions:
        raise UsageError(f"There is no question in {name}: write one on each line that does not start with #.")
    return questions


@contextmanager
def _called(name: str, shown: str) -> Iterator[None]:
    """Let errors call what is read as the user does, and not by the name under which it is loaded."""
    try:
        yield
    except InputError as error:
        message = str(error)
        raise InputError(shown + message.removeprefix(name) if message.startswith(name) else message) from None


def _standard_input() -> bytes:
    if sys.stdin is None:  # a shell's <&-
        raise InputError("Standard input (-) is closed: pipe a text into it, or name a file.")
    return sys.stdin.buffer.read()


def _is_there(word: str) -> bool:
    return word == STDIN or os.path.exists(word)


def _hint(word: str) -> str:
    if word.startswith(("http://", "https://")):
        return ": addresses are not fetched; save the page and give the file."
    folder, name = os.path.split(word)
    try:
        near = difflib.get_close_matches(name, os.listdir(folder or "."), n=1, cutoff=0.7)
    except OSError:
        near = []
    if near:
        return f": did you mean {os.path.join(folder, near[0])}?"
    if not looks_like_path(word):
        return ': a question goes last, as one argument in "quotes".'
    return ": check the path." + (" If it is the question, end it with a question mark." if " " in word else "")


def _walk(folder: str) -> Iterator[str]:
    from index.loaders import SUFFIXES

    found = False
    for base, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                found = True
                yield os.path.join(base, name)
    if not found:
        raise InputError(f"{folder} has no article in it: supported are {', '.join(sorted(SUFFIXES))}.")


def _refuse(error: OSError) -> None:
    raise InputError(f"{error.filename} cannot be listed: {error.strerror or error}.") from None
