"""Sample files built in memory for the loader tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

WIDTH, HEIGHT = A4

STORY = [
    "The council of Ashford voted on Tuesday to rebuild the old harbour bridge, which has been closed to all "
    "traffic since a barge struck its middle pier in March of last year.",
    "Engineers from the firm Halden and Sons put the cost at 14.2 million pounds, a third more than the sum that "
    "was named in the first estimate, and said that the work would take twenty months.",
    "Mayor Ruth Calloway told reporters that the town could not wait any longer. She said that shopkeepers on the "
    "eastern bank had lost half of their customers since the closure.",
    "A ferry, which was meant to run for six weeks only, now carries four thousand people on each working day, and "
    "its operator has asked for a second boat before the winter storms begin.",
    "Opponents of the plan want a tunnel instead. They argue that the next barge would close the new bridge just as "
    "quickly, and that a tunnel would last for a hundred years.",
    "The vote was nine to four, with two members absent, and the first piles are to be driven in February if the "
    "ministry agrees to pay its share of the cost by the end of this year.",
]


def pdf(draw: Callable[[Canvas], None], **metadata: str) -> bytes:
    """Return a PDF drawn by a function; ``draw`` ends its own pages with ``showPage``."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for key, value in metadata.items():
        getattr(canvas, f"set{key.title()}")(value)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def pdf_lines(*pages: Sequence[str], leading: float = 14, size: float = 12, **metadata: str) -> bytes:
    """Return a PDF with the given lines on each page; an empty line leaves its place free."""

    def draw(canvas: Canvas) -> None:
        for page in pages:
            canvas.setFont("Helvetica", size)
            for number, line in enumerate(page):
                canvas.drawString(72, HEIGHT - 100 - number * leading, line)
            canvas.showPage()

    return pdf(draw, **metadata)


def pdf_flow(
    paragraphs: Sequence[str],
    *,
    columns: int = 1,
    justified: bool = False,
    indent: float = 0,
    space: float = 6,
    frame_height: float = HEIGHT - 160,
    header: str = "",
    title: str = "",
    headline: str = "",
) -> bytes:
    """Return a PDF whose paragraphs a typesetter broke into lines, columns and pages."""
    buffer = io.BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title=title or None)

    def furniture(canvas: Canvas, doc: BaseDocTemplate) -> None:
        if header:
            canvas.drawString(60, HEIGHT - 50, header)
            canvas.drawRightString(WIDTH - 60, 40, f"Page {doc.page} of 9")

    gutter = 24
    width = (WIDTH - 120 - gutter * (columns - 1)) / columns
    frames = [Frame(60 + i * (width + gutter), 80, width, frame_height) for i in range(columns)]
    document.addPageTemplates([PageTemplate(frames=frames, onPage=furniture)])
    style = ParagraphStyle(
        "body", fontSize=10, leading=12, alignment=4 if justified else 0, firstLineIndent=indent, spaceBefore=space
    )
    flow = [Paragraph(headline, ParagraphStyle("head", fontSize=20, leading=24, spaceAfter=12))] if headline else []
    document.build(flow + [Paragraph(text, style) for text in paragraphs])
    return buffer.getvalue()


def pdf_rows(rows: Sequence[Sequence[tuple[float, str]]], size: float = 10) -> bytes:
    """Return a one-page PDF with text at given x positions, written row by row as some programs do."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number, row in enumerate(rows):
            for x, text in row:
                canvas.drawString(x, HEIGHT - 80 - number * size * 1.2, text)
        canvas.showPage()

    return pdf(draw)


def pdf_encrypted(password: str) -> bytes:
    """Return a PDF that asks for a password before it opens."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(password, ownerPassword="other", canPrint=1))
    canvas.drawString(72, 700, "Secret words.")
    canvas.save()
    return buffer.getvalue()


def pdf_scan() -> bytes:
    """Return a PDF of pages without text."""

    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.rect(100, 100, 300, 300, fill=1)
            canvas.showPage()

    return pdf(draw)


def docx(build: Callable[[object], None]) -> bytes:
    """Return a Word document that a function fills."""
    import docx as python_docx

    document = python_docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def epub(chapters: Sequence[tuple[str, str]], **metadata: str) -> bytes:
    """Return an EPUB of (title, HTML body) chapters with title, author and date as given."""
    from ebooklib import epub as lib

    book = lib.EpubBook()
    book.set_identifier("urn:sample")
    book.set_language("en")
    if "title" in metadata:
        book.set_title(metadata["title"])
    if "author" in metadata:
        book.add_author(metadata["author"])
    if "date" in metadata:
        book.add_metadata("DC", "date", metadata["date"])
    items = []
    for number, (title, body) in enumerate(chapters):
        item = lib.EpubHtml(uid=f"c{number}", title=title, file_name=f"z{9 - number}.xhtml")
        item.content = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
        book.add_item(item)
        items.append(item)
    book.toc = items
    book.add_item(lib.EpubNcx())
    book.add_item(lib.EpubNav())
    book.spine = ["nav", *items]
    buffer = io.BytesIO()
    lib.write_epub(buffer, book)
    return buffer.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a ZIP with the given members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def rezipped(data: bytes, replace: dict[str, bytes]) -> bytes:
    """Return a copy of a ZIP with some members replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**members, **replace})
