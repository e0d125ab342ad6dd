"""What bytes are, whatever their name says."""

from __future__ import annotations

import io
import re
import zipfile

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html[\s>])",
    re.I | re.S,
)
_PDF_HEADER_WITHIN = 1024  # readers accept junk before the header up to here

# The first bytes of files that people add by mistake, and what to call them; no text begins with them.
_FOREIGN = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x7fELF", "a Linux program"),
    (b"MZ\x90", "a Windows program"),
    (b"\xca\xfe\xba\xbe\0", "a compiled program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"(\xb5/\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf'\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.doc, .xls or .ppt)"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
    (b"SQLite format 3\0", "an SQLite database"),
)
# Signatures that are words too ("ID3 sales double", "RIFF or WAVE?"), with bytes beside them that no text has.
_FOREIGN_WORDS = tuple(
    (re.compile(pattern, re.S), what)
    for pattern, what in (
        (rb"GIF8[79]a.{0,6}[\0-\x08]", "a GIF picture"),
        (rb"BZh[1-9]1AY&SY", "a bzip2 archive"),
        (rb"ID3[\0-\4].{2}[\0-\x7f]{4}", "an MP3 recording"),
        (rb"OggS\0", "an Ogg recording"),
        (rb"fLaC[\0\x80]", "a FLAC recording"),
        (rb"\0.{3}ftyp", "an MP4 or HEIC file"),
        (rb"RIFF.{3}[^ -~]WEBP", "a WebP picture"),  # so much text as its size would say is never read
        (rb"RIFF.{3}[^ -~]WAVE", "a WAV recording"),
    )
)
# A member of the archive that gives it away: (its name or prefix, the format or what to call it).
_ZIP_KINDS = (
    ("word/document", "docx"),
    ("META-INF/container.xml", "epub"),
    ("word/", "docx"),
    ("xl/", "an Excel workbook"),
    ("ppt/", "a PowerPoint presentation"),
    ("content.xml", "an OpenDocument file"),
    ("Index/", "an Apple iWork file"),
)
_ZIP_FORMATS = frozenset({"docx", "epub"})


def format_of(data: bytes) -> str | None:
    """Return the name of the supported format that bytes certainly are, or None: pdf, html, docx or epub."""
    if data.lstrip()[:5] == b"%PDF-":
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        kind = _zip_kind(data)
        return kind if kind in _ZIP_FORMATS else None
    return "html" if _HTML.match(data[:4096]) else None


def has_pdf_header(data: bytes) -> bool:
    """Say whether a PDF header stands where PDF readers look for it."""
    return b"%PDF-" in data[:_PDF_HEADER_WITHIN]


def is_encrypted_office(data: bytes) -> bool:
    """Say whether bytes are an Office document locked with a password (an OLE file around the ZIP)."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data


def describe(data: bytes) -> str | None:
    """Return what bytes look like, for a message, or None when they have no known signature."""
    if data.startswith(b"PK\x03\x04"):
        kind = _zip_kind(data)
        return {"docx": "a Word document", "epub": "an EPUB book"}.get(kind, kind)
    if data.lstrip()[:5] == b"%PDF-":
        return "a PDF"
    for magic, what in _FOREIGN:
        if data.startswith(magic):
            return what
    return next((what for pattern, what in _FOREIGN_WORDS if pattern.match(data)), None)


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "a broken ZIP archive"
    for start, kind in _ZIP_KINDS:
        if any(name.startswith(start) for name in names):
            return kind
    return "a ZIP archive"
