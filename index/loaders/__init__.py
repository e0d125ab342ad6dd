"""Files and bytes into articles: plain text, Markdown, HTML, PDF, DOCX and EPUB."""

from index.loaders.files import SUFFIXES, load_bytes, load_file
from index.loaders.parsed import MAX_FILE_BYTES, MAX_TEXT_CHARS

__all__ = ["MAX_FILE_BYTES", "MAX_TEXT_CHARS", "SUFFIXES", "load_bytes", "load_file"]
