"""The numbers of ordered lists, in each format that has them."""

from __future__ import annotations

import documents as make
import pytest

from index.loaders import load_bytes

STEPS = "<li>Mix <b>the</b> flour.</li><li><p>Bake it.</p><p>Wait.</p></li><li><a href='x'>Eat</a> it.</li>"


def html(body: str) -> list[str]:
    page = f"<!doctype html><html><head><title>T</title></head><body>{body}</body></html>"
    return load_bytes(page.encode(), "a.html").text.split("\n\n")


def epub(body: str) -> list[str]:
    return load_bytes(make.epub([("One", body)]), "a.epub").text.split("\n\n")


def markdown(body: str) -> list[str]:
    return load_bytes(body.encode(), "a.md").text.split("\n\n")


def article(body: str) -> list[str]:
    """Return the list in the middle of a page that is long enough for the extraction of its article."""
    story = [f"<p>{text}</p>" for text in make.STORY]
    found = html(f"<article><h1>Bread</h1>{''.join(story[:3])}{body}{''.join(story[3:])}</article>")
    assert [text for text in found if text in make.STORY] == make.STORY
    return found[found.index(make.STORY[2]) + 1 : found.index(make.STORY[3])]


@pytest.mark.parametrize("read", [html, article, epub, markdown])
@pytest.mark.parametrize(
    ("opening", "numbers"),
    [
        ("<ol>", (1, 2, 3)),
        ("<ol start='7'>", (7, 8, 9)),
        ("<ol start='x'>", (1, 2, 3)),
        ("<ol reversed>", (3, 2, 1)),
        ("<ol reversed start='10'>", (10, 9, 8)),
        ("<ol style='list-style: decimal inside'>", (1, 2, 3)),
    ],
)
def test_items_have_the_numbers_that_a_browser_shows(read: object, opening: str, numbers: tuple[int, ...]) -> None:
    first, second, third = numbers
    found = read(f"{opening}{STEPS}</ol>")
    assert found == [f"{first}. Mix the flour.", f"{second}. Bake it.", "Wait.", f"{third}. Eat it."]


@pytest.mark.parametrize("read", [html, article, epub])
@pytest.mark.parametrize("opening", ["<ul>", "<ol type='a'>", "<ol style='color: red; list-style-type: none'>"])
def test_lists_without_numbers_get_none(read: object, opening: str) -> None:
    assert read(f"{opening}{STEPS}{opening.replace('<', '</')[:4]}>") == [
        "Mix the flour.",
        "Bake it.",
        "Wait.",
        "Eat it.",
    ]


@pytest.mark.parametrize("read", [html, article, epub])
def test_items_that_count_otherwise(read: object) -> None:
    items = "<li>One</li><li value='5'>Five</li><li> </li><li><span>7.</span> Seven</li>"
    items += "<li>8.5 million</li><li>9 lives</li>"
    nested = "<li>Both<ul><li>a dot</li></ul><ol start='2'><li>Two</li><li>Three</li></ol></li>"
    assert read(f"<ol>{items}{nested}</ol>") == [
        *("1. One", "5. Five", "7. Seven", "8. 8.5 million", "9. 9 lives", "10. Both", "a dot", "2. Two", "3. Three"),
    ]


def test_lists_of_links_around_an_article_do_not_become_part_of_it() -> None:
    path = "<ol class='path'>" + "".join(f"<li><a href='/{n}'>Part {n}</a></li>" for n in "ABC") + "</ol>"
    most = (
        "<div><h3>Most read</h3><ol>"
        + "".join(f"<li><a href='/{n}'>Story {n}</a></li>" for n in "ABCD")
        + "</ol></div>"
    )
    story = "".join(f"<p>{text}</p>" for text in make.STORY)
    assert html(f"{path}<article><h1>Bread</h1>{story}</article>{most}") == ["Bread", *make.STORY]


def test_markdown_items_count_on_whatever_number_is_written() -> None:
    source = "1. one\n1. two\n\n   more\n   1) in\n   1) out\n1. three\n\ntext\n\n0. zero\n\n- dot\n"
    expected = ["1. one", "2. two", "more", "1) in", "2) out", "3. three", "text", "0. zero", "dot"]
    assert markdown(source) == expected


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LEVEL = '<w:lvl w:ilvl="%d"><w:start w:val="1"/><w:numFmt w:val="%s"/>%s<w:lvlText w:val="%s"/></w:lvl>'


def docx(*paragraphs: tuple[str, str]) -> list[str]:
    """Return what a document with some lists reads as, of (text, properties) paragraphs."""
    outline = LEVEL % (0, "decimal", '<w:pStyle w:val="Heading1"/>', "%1.")
    outline += LEVEL % (1, "decimal", '<w:pStyle w:val="Heading2"/>', "%1.%2") + LEVEL % (2, "lowerLetter", "", "%3)")
    numbering = f"""<w:numbering {W}>
        <w:abstractNum w:abstractNumId="1">{outline}</w:abstractNum>
        <w:abstractNum w:abstractNumId="2">{LEVEL % (0, "bullet", "", "•")}</w:abstractNum>
        <w:abstractNum w:abstractNumId="3"><w:numStyleLink w:val="Outline"/></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="1"/>
            <w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num></w:numbering>"""
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f"""<w:styles {W}>
        <w:style w:type="numbering" w:styleId="Outline">{numbered}</w:style>
        <w:style w:type="paragraph" w:styleId="Heading1">{numbered}</w:style>
        <w:style w:type="paragraph" w:styleId="Heading2"><w:basedOn w:val="Heading1"/></w:style>
        <w:style w:type="paragraph" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style></w:styles>"""
    body = "".join(f"<w:p><w:pPr>{about}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>" for text, about in paragraphs)
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    parts = {"word/document.xml": document, "word/numbering.xml": numbering, "word/styles.xml": styles}
    data = make.rezipped(make.docx(lambda _: None), {name: part.encode() for name, part in parts.items()})
    return load_bytes(data, "a.docx").text.split("\n\n")


def at(number: int, level: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def styled(style: str, more: str = "") -> str:
    return f'<w:pStyle w:val="{style}"/>{more}'


def test_numbered_paragraphs_of_word_have_their_numbers() -> None:
    def build(document: object) -> None:
        for text, style in (
            ("Mix.", "List Number"),
            ("Hot!", "List Bullet"),
            ("Well.", "Normal"),
            ("Bake.", "List Number"),
        ):
            document.add_paragraph(text, style=style)

    text = load_bytes(make.docx(build), "a.docx").text
    assert text.split("\n\n") == ["1. Mix.", "Hot!", "Well.", "2. Bake."]


def test_levels_restart_and_show_the_numbers_around_them() -> None:
    paragraphs = [("A", 0), ("B", 1), ("C", 1), ("letter", 2), ("", 1), ("D", 1), ("E", 0), ("F", 1)]
    found = docx(*((text, at(1, level)) for text, level in paragraphs))
    assert found == ["1. A", "1.1 B", "1.2 C", "letter", "1.4 D", "2. E", "2.1 F"]


def test_lists_of_one_definition_count_on_unless_they_begin_anew() -> None:
    numbers = (1, 2, 1, 4, 3, 3, 9)
    assert docx(*(("x", at(number)) for number in numbers)) == ["1. x", "x", "2. x", "3. x", "5. x", "6. x", "x"]


def test_styles_number_paragraphs_that_do_not_say_otherwise() -> None:
    found = docx(
        ("A", styled("Heading1")),
        ("B", styled("Heading2")),
        ("C", styled("Heading1", at(0))),
        ("D", styled("Heading1", "<w:rPr><w:del/></w:rPr>")),
        ("E", styled("Loop")),
        ("F", styled("Heading1")),
    )
    assert found == ["1. A", "1.1 B", "C", "D", "E", "2. F"]
