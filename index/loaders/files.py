"""One door for all formats: a path or bytes in, an article out."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.article import Article
from index.errors import InputError
from index.loaders import docx, epub, html, markdown, pdf, text
from index.loaders.parsed import MAX_FILE_BYTES, MAX_TEXT_CHARS, Parsed, stem_title, unreadable, whole_characters
from index.loaders.sniff import describe, format_of, has_pdf_header, is_encrypted_office


@dataclass(frozen=True, slots=True)
class _Format:
    """A readable format: its label, its file name suffixes, its parser, whether it is text underneath."""

    label: str
    suffixes: tuple[str, ...]
    parse: Callable[[bytes, str], Parsed]
    textual: bool = False


_FORMATS = {
    "text": _Format("plain text", (".txt", ".text"), text.parse, textual=True),
    "markdown": _Format("Markdown", (".md", ".markdown"), markdown.parse, textual=True),
    "html": _Format("HTML", (".html", ".htm"), html.parse, textual=True),
    "pdf": _Format("a PDF", (".pdf",), pdf.parse),
    "docx": _Format("a Word document", (".docx",), docx.parse),
    "epub": _Format("an EPUB book", (".epub",), epub.parse),
}
_BY_SUFFIX = {suffix: kind for kind, form in _FORMATS.items() for suffix in form.suffixes}
SUFFIXES: frozenset[str] = frozenset(_BY_SUFFIX)


def load_file(
    path: str | os.PathLike[str], *, max_bytes: int = MAX_FILE_BYTES, max_chars: int = MAX_TEXT_CHARS
) -> Article:
    """Read a file as an article; the path becomes its source.

    Args:
        path: A text, Markdown, HTML, PDF, DOCX or EPUB file.
        max_bytes: Larger files are refused before they are read.
        max_chars: Longer texts are refused.

    Raises:
        InputError: The file cannot be read or has no text; one line that starts with its path.
    """
    file = Path(path)
    # File names need not be text; what is stored must be.
    source = whole_characters(str(file))
    name = _printable(Path(source).as_posix())
    try:
        mode = file.stat()
        if stat.S_ISDIR(mode.st_mode):
            raise unreadable(name, "is a folder: give the files in it.")
        if not stat.S_ISREG(mode.st_mode):
            raise unreadable(name, "is a device or a pipe, not a file: save its content to a file first.")
        _check_size(mode.st_size, max_bytes, name)
        with file.open("rb") as stream:
            data = stream.read(max_bytes + 1)
    except FileNotFoundError:
        raise unreadable(name, "does not exist: check the path.") from None
    except PermissionError:
        raise unreadable(name, "may not be read by this user: change its permissions or copy it.") from None
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise unreadable(name, f"cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    return _load(data, name, source, max_bytes, max_chars)


def load_bytes(data: bytes, name: str, *, max_bytes: int = MAX_FILE_BYTES, max_chars: int = MAX_TEXT_CHARS) -> Article:
    """Read the bytes of a file as an article; the name gives the suffix, the default title and the source.

    Raises:
        InputError: The bytes cannot be read as any supported format; one line that starts with the name.
    """
    return _load(data, _base_name(name), name, max_bytes, max_chars)


def _load(data: bytes, name: str, source: str, max_bytes: int, max_chars: int) -> Article:
    _check_size(len(data), max_bytes, name)
    if not data:
        raise unreadable(name, "is empty (0 bytes).")
    form = _FORMATS[_choose(data, name)]
    try:
        parsed = form.parse(data, name)
    except InputError:
        raise
    except ImportError as error:
        raise unreadable(name, f"needs a package that is not installed ({error}): install article-qa again.") from None
    except Exception as error:  # whatever a parsing library throws at broken input
        reason = f"{type(error).__name__}: {error}"[:200]
        raise unreadable(name, f"cannot be read as {form.label}: it seems broken ({reason}).") from None
    if not parsed.text.strip():
        raise unreadable(name, "has no text to ask about.")
    if len(parsed.text) > max_chars:
        raise unreadable(name, f"has {len(parsed.text):,} characters; at most {max_chars:,} are read: split it.")
    return Article.of(
        parsed.text,
        parsed.title or stem_title(name),
        source,
        published=parsed.published,
        author=parsed.author,
        pages=parsed.pages,
    )


def _choose(data: bytes, name: str) -> str:
    """Return the format to read bytes as: what they certainly are, else what their name says."""
    suffix = PurePosixPath(name).suffix.lower()
    named = _BY_SUFFIX.get(suffix)
    found = format_of(data)
    if is_encrypted_office(data):
        raise unreadable(name, "is protected by a password: save a copy without one and add that.")
    if found:
        return found
    if named is None:
        if not suffix and not describe(data):
            return "text"
        allowed = ", ".join(sorted(SUFFIXES))
        if what := describe(data):
            raise unreadable(name, f"looks like {what}: supported are {allowed}.")
        raise unreadable(
            name, f"has the unsupported suffix {suffix!r}: it looks like {_guess(data)}. Supported are {allowed}."
        )
    form = _FORMATS[named]
    if form.textual or (named == "pdf" and has_pdf_header(data)):
        return named
    raise unreadable(name, f"is not {form.label}: it looks like {describe(data) or _guess(data)}.")


def _guess(data: bytes) -> str:
    try:
        text.decode(data, "")
    except InputError:
        return "binary data (broken or cut off?)"
    return "plain text; rename it to .txt"


def _check_size(size: int, limit: int, name: str) -> None:
    if size > limit:
        raise unreadable(name, f"has {size / 2**20:,.1f} MiB; at most {limit / 2**20:,.1f} MiB are read: split it.")


def _base_name(name: str) -> str:
    return _printable(name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])


def _printable(name: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in name).split()) or "the file"
