"""Word documents, EPUB books and the ZIP containers around them."""

from __future__ import annotations

import datetime
import io
import zipfile

import documents as make
import pytest

from index.errors import InputError
from index.loaders import archive, load_bytes

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def report(document: object) -> None:
    document.core_properties.title = "Annual Report"
    document.core_properties.author = "Ann Smith"
    document.core_properties.created = datetime.datetime(2023, 4, 5, 6, 7)
    document.add_heading("The bridge", 1)
    paragraph = document.add_paragraph("It was ")
    paragraph.add_run("rebuilt").bold = True
    paragraph.add_run(" in\u00a02023.")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip((c for row in table.rows for c in row.cells), ("Year", "Cost", "2022", "1.2m"), strict=True):
        cell.text = text
    document.add_paragraph("After the table.", style="List Bullet")


def test_docx_in_document_order_with_properties() -> None:
    article = load_bytes(make.docx(report), "a.docx")
    assert article.text.split("\n\n") == [
        "The bridge",
        "It was rebuilt in\u00a02023.",
        "Year\tCost",
        "2022\t1.2m",
        "After the table.",
    ]
    assert (article.title, article.author, article.published) == ("Annual Report", "Ann Smith", "2023-04-05")


def test_docx_template_properties_are_ignored() -> None:
    def build(document: object) -> None:
        document.add_paragraph("Some text first.")
        document.add_paragraph("Big News", style="Title")

    article = load_bytes(make.docx(build), "my-file.docx")
    assert (article.title, article.author, article.published) == ("Big News", None, None)


def test_docx_creation_date_of_the_template_is_no_date() -> None:
    def build(document: object) -> None:
        document.core_properties.author = "Ann Smith"
        document.add_paragraph("Only text.")

    article = load_bytes(make.docx(build), "my-file.docx")
    assert (article.title, article.author, article.published) == ("My file", "Ann Smith", None)


def test_layout_tables_and_merged_cells() -> None:
    def build(document: object) -> None:
        layout = document.add_table(rows=1, cols=2).rows[0].cells
        layout[0].text = "Left one.\nsame paragraph"
        layout[0].add_paragraph("Left two.")
        layout[1].text = "Right."
        merged = document.add_table(rows=1, cols=3)
        merged.cell(0, 0).merge(merged.cell(0, 1)).text = "Wide"
        merged.cell(0, 2).text = "Narrow"
        outer = document.add_table(rows=1, cols=1).cell(0, 0)
        inner = outer.add_table(rows=1, cols=2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "In", "side"

    text = load_bytes(make.docx(build), "a.docx").text
    assert text.split("\n\n") == ["Left one.\nsame paragraph", "Left two.", "Right.", "Wide\tNarrow", "In\tside"]


def with_body(body: str) -> bytes:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return make.rezipped(make.docx(lambda d: None), {"word/document.xml": document.encode()})


def test_docx_revisions_links_controls_and_boxes() -> None:
    text = (
        "<w:p><w:r><w:t xml:space='preserve'>Kept </w:t></w:r>"
        "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom>"
        "<w:hyperlink><w:r><w:tab/><w:t>linked</w:t><w:br/><w:instrText>FIELD</w:instrText></w:r></w:hyperlink>"
        "<w:smartTag><w:r><w:t>smart</w:t></w:r></w:smartTag>"
        "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert load_bytes(with_body(text), "a.docx").text.split("\n\n") == [
        "Kept inserted\tlinked\nsmart",
        "In a box",
        "In a control",
    ]


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_notes(kind: str) -> bytes:
    notes = (
        f"<w:{kind}s {W}><w:{kind} w:type='separator' w:id='-1'><w:p><w:r><w:t>Rule</w:t></w:r></w:p></w:{kind}>"
        f"<w:{kind} w:id='1'><w:p><w:r><w:{kind}Ref/></w:r><w:r><w:t> It was May.</w:t></w:r></w:p></w:{kind}>"
        f"<w:{kind} w:id='2'><w:p><w:r><w:t>So she said.</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    )
    data = make.docx(lambda document: document.add_paragraph("The bridge opened."))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        relations = opened.read("word/_rels/document.xml.rels").decode()
    relation = f'<Relationship Id="rId99" Type="{RELATIONS}/{kind}s" Target="{kind}s.xml"/></Relationships>'
    relations = relations.replace("</Relationships>", relation)
    return make.rezipped(
        data, {f"word/{kind}s.xml": notes.encode(), "word/_rels/document.xml.rels": relations.encode()}
    )


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_docx_notes_follow_the_text(kind: str) -> None:
    expected = ["The bridge opened.", "It was May.", "So she said."]
    assert load_bytes(with_notes(kind), "a.docx").text.split("\n\n") == expected


def test_docx_hidden_text_is_not_read() -> None:
    runs = "<w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
    runs += "<w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t> again</w:t></w:r>"
    assert load_bytes(with_body(f"<w:p>{runs}</w:p>"), "a.docx").text == "Seen again"


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        (
            "[Content_Types].xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
            "application/vnd.ms-word.document.macroEnabled.main",
        ),
        ("_rels/.rels", RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
    ],
    ids=["macros", "strict"],
)
def test_other_kinds_of_word_documents_are_named(member: str, old: str, new: str) -> None:
    data = make.docx(report)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        other = opened.read(member).decode().replace(old, new)
    with pytest.raises(InputError, match=r"^a\.docm is another kind of Word document .*: save it as \.docx\.$"):
        load_bytes(make.rezipped(data, {member: other.encode()}), "a.docm")


def test_an_empty_docx_has_no_text() -> None:
    with pytest.raises(InputError, match=r"^a\.docx has no text"):
        load_bytes(make.docx(lambda d: d.add_paragraph("  ")), "a.docx")


def test_entity_bombs_and_outside_files_stay_closed() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    xml = (
        f'<!DOCTYPE d [<!ENTITY a0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]><w:document {W}><w:body>'
        "<w:p><w:r><w:t>Hello &a11;&f; there</w:t></w:r></w:p></w:body></w:document>"
    )
    data = make.rezipped(make.docx(lambda d: None), {"word/document.xml": xml.encode()})
    try:
        text = load_bytes(data, "a.docx").text
    except InputError as error:
        assert "\n" not in str(error)
    else:
        assert len(text) < 2000
        assert "root:" not in text


def test_a_locked_office_file_is_protected_by_a_password() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    with pytest.raises(InputError, match=r"^a\.docx is protected by a password"):
        load_bytes(data, "a.docx")


@pytest.mark.parametrize("make_file", [lambda: make.docx(report), lambda: make.epub([("One", "<p>Text.</p>")])])
def test_zip_bombs_are_refused(make_file: object, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make_file()
    with pytest.raises(InputError, match=r"^a\.docx unpacks to \d+ times its size: it looks like a ZIP bomb"):
        load_bytes(make.rezipped(data, {"media/huge.bin": bytes(40 * 2**20)}), "a.docx")
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    with pytest.raises(InputError, match=r"^a\.docx holds \d+ files inside; at most 5"):
        load_bytes(data, "a.docx")


def test_the_sizes_that_an_archive_declares_are_not_trusted() -> None:
    data = bytearray(make.zipped({"word/document.xml": bytes(3 * 2**20)}))
    with pytest.raises(InputError, match="unpacks to more than 2 MiB"):
        archive.check_archive(bytes(data), "a.docx", max_unpacked=2 * 2**20)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        directory = opened.start_dir
    data[directory + 24 : directory + 28] = (1000).to_bytes(4, "little")  # the directory now says: 1000 bytes
    with pytest.raises(InputError, match=r"^a\.docx is broken"):
        archive.check_archive(bytes(data), "a.docx", max_unpacked=2 * 2**20)


def test_encrypted_archives_are_refused() -> None:
    data = bytearray(make.zipped({"word/document.xml": b"x"}))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        directory = opened.start_dir
    data[directory + 8] |= 1
    with pytest.raises(InputError, match=r"^a\.docx is protected by a password"):
        load_bytes(bytes(data), "a.docx")


@pytest.mark.parametrize("name", ["a.docx", "a.epub"])
def test_broken_packages_are_refused(name: str) -> None:
    good = make.docx(report) if name == "a.docx" else make.epub([("One", "<p>Text.</p>")], title="T")
    only = {"word/document.xml": b"<broken"} if name == "a.docx" else {"META-INF/container.xml": b"<broken"}
    for data in (good[: len(good) // 2], make.zipped(only), make.rezipped(good, only)):
        with pytest.raises(InputError) as caught:
            load_bytes(data, name)
        assert str(caught.value).startswith(name)
        assert "\n" not in str(caught.value)


def test_epub_in_spine_order_with_metadata() -> None:
    chapters = [
        ("One", "<h1>Chapter 1</h1><p>Caf\u00e9 <i>opens</i>\n  early.</p><ul><li>tea</li><li>cake</li></ul>"),
        ("Two", "<h1>Chapter 2</h1><div>It rained.<br/>A lot.</div><pre>a  b\n  c</pre><script>var x</script>"),
        ("Three", "<table><tr><td>Name</td><td><p>Ann</p></td></tr></table><!-- note -->the end"),
    ]
    book = make.epub(chapters, title="A Book", author="Ann Smith", date="2021-02-03T00:00:00Z")
    article = load_bytes(book, "a.epub")
    assert article.text.split("\n\n") == [
        "Chapter 1",
        "Caf\u00e9 opens early.",
        "tea",
        "cake",
        "Chapter 2",
        "It rained.\nA lot.",
        "a  b\n  c",
        "Name\tAnn",
        "the end",
    ]
    assert (article.title, article.author, article.published) == ("A Book", "Ann Smith", "2021-02-03")


GUIDE = '<guide><reference type="text" href="z8.xhtml"/><reference type="cover" title="Cover" href="%s"/></guide>'
LANDMARKS = '<nav epub:type="landmarks"><ol><li><a epub:type="cover" href="%s">Cover</a></li></ol></nav>'


@pytest.mark.parametrize(
    ("member", "before", "what"), [("content.opf", "</package>", GUIDE), ("nav.xhtml", "</body>", LANDMARKS)]
)
@pytest.mark.parametrize(
    ("cover", "href", "goes"),
    [
        ("<p>A BOOK by Ann Smith</p>", "z9.xhtml", True),
        ("<p>A BOOK by Ann Smith</p>", "./z%39.xhtml", True),
        ("<p>A BOOK by Ann Smith</p>", "z9.xhtml#top", False),  # only a place in it
        ("<p>It was a dark night.</p>" * 60, "z9.xhtml", False),  # nobody prints that on a cover
    ],
)
def test_the_cover_of_a_book_is_not_its_text(
    member: str, before: str, what: str, cover: str, href: str, goes: bool
) -> None:
    book = make.epub([("Cover", cover), ("One", "<p>It rained.</p>")], title="A Book")
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        old = opened.read(f"EPUB/{member}").decode()
    new = old.replace(before, what % href + before)
    assert new != old
    article = load_bytes(make.rezipped(book, {f"EPUB/{member}": new.encode()}), "a.epub")
    assert article.text.endswith("It rained.")
    assert (article.text == "It rained.") == goes


def test_an_epub_without_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"^a\.epub has chapters but no text"):
        load_bytes(make.epub([("One", "<img src='x.png'/>")]), "a.epub")
