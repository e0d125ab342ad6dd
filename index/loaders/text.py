"""Bytes into text: which encoding it is, or what the bytes are when they are no text."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from index.loaders.parsed import Parsed, heading_of, stem_title, unreadable
from index.loaders.sniff import describe

if TYPE_CHECKING:
    from charset_normalizer import CharsetMatches

# Longer marks first: the UTF-32 mark starts with the UTF-16 one.
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# What articles are really written in: without this list, short texts come out as Mac or DOS code pages.
_CODE_PAGES = [
    *("cp1252", "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "utf_16_le", "utf_16_be"),
]
_CENTRAL_EUROPEAN = frozenset({"Polish", "Czech", "Slovak", "Hungarian", "Croatian", "Slovene", "Romanian"})
_SAMPLE_BYTES = 200_000
_BAD_SHARE = 0.05  # more control or unassigned characters than this, and it is no text
_NUL_SHARE = 0.01  # fewer have strayed into a text; more are half of its wide characters, or no text
_MIN_SPACE_SHARE = 0.01  # of spaces and stops; what only happens to decode as UTF-16 has none
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\b\x1b\x85")
# Signs that stand inside words only when Central European text is read as Western: wzmocni³, ³ódŸ.
_SIGN_IN_WORD = re.compile(r"[^\W\d_][¹³¿£¥¯¼¾œŸ][^\W\d_]|\b[³¿¯][^\W\d_]{2}|[^\W\d_][¹³¿](?=\s)")


def decode(data: bytes, name: str) -> str:
    """Return the text that bytes hold, exactly as written; only a leading byte order mark is dropped.

    Tries byte order marks, UTF-8, also damaged, then UTF-16 and UTF-32 without a mark, or code pages.

    Raises:
        InputError: The bytes are no text.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name)
    if foreign := describe(data):
        raise unreadable(name, f"is not text: it looks like {foreign}. Convert it to text, PDF or DOCX first.")
    text = _utf8(data) or (_wide(data) if b"\0" in data else _code_page(data))
    if text is None or _bad_share(text) > _BAD_SHARE:
        raise unreadable(name, "is not text: it looks like binary data. Convert it to text, PDF or DOCX first.")
    return text


def parse(data: bytes, name: str) -> Parsed:
    """Read plain text; the title is a first line that stands like one, else the file's name."""
    text = decode(data, name)
    return Parsed(text, heading_of(text) or stem_title(name))


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(
            name, f"is marked as {encoding.upper()} but breaks at byte {error.start}: save it again as UTF-8."
        ) from None
    if _bad_share(text) > _BAD_SHARE:
        raise unreadable(name, "is not text: it looks like binary data. Convert it to text, PDF or DOCX first.")
    return text


def _wide(data: bytes) -> str | None:
    """Return the reading of unmarked UTF-16 or UTF-32 that has most spaces and fewest oddities."""
    readings: list[tuple[float, str]] = []
    for encoding in _WIDE:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and _bad_share(text) < 0.001:
            readings.append((sum(text.count(c) for c in " \n,.、。") / len(text), text))
    share, best = max(readings, default=(0.0, ""))
    return best if share > _MIN_SPACE_SHARE else None


def _utf8(data: bytes) -> str | None:
    if data.count(0) > _NUL_SHARE * len(data):
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # A bad byte (a cut or a paste) is no reason to read good UTF-8 as a code page. Code pages look good only by
        # chance: one character for three bad bytes in East Asian ones, next to none in others.
        text = data.decode("utf-8", "replace")
        good = sum(c > "\x7f" and c != "\ufffd" for c in text)
        return text if good > text.count("\ufffd") else None


def _code_page(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    sample = data[:_SAMPLE_BYTES]
    matches = from_bytes(sample, cp_isolation=_CODE_PAGES)
    encoding = _best(matches)
    if encoding == "cp1252" and len(_SIGN_IN_WORD.findall(sample.decode("cp1252", "replace"))) > len(sample) / 500:
        encoding = _best(from_bytes(sample, cp_isolation=["cp1250", "iso8859_2"])) or encoding
    return data.decode(encoding or "cp1252", "replace") if encoding or _latin(sample) else None


def _best(matches: CharsetMatches) -> str | None:
    """Return the encoding of the best match; Western before Central European unless the language says so."""
    best = matches.best()
    if best is None or best.encoding != "cp1250" or (best.languages or [""])[0] in _CENTRAL_EUROPEAN:
        return best.encoding if best else None
    fits = [m for m in matches if m.chaos <= best.chaos and m.coherence >= best.coherence]
    pages = [page for m in fits for page in m.could_be_from_charset]
    return "cp1252" if "cp1252" in pages else best.encoding


def _latin(sample: bytes) -> bool:
    """Say whether bytes that no detector knows are still mostly printable ASCII."""
    return sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in sample) > 0.8 * len(sample)


def _bad_share(text: str) -> float:
    sample = text[:_SAMPLE_BYTES]
    if sample.count("\0") > _NUL_SHARE * len(sample):
        return 1.0
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in _TEXT_CONTROLS for c in set(sample))
    if not odd:
        return 0.0
    bad = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in _TEXT_CONTROLS for c in sample)
    return bad / len(sample)
