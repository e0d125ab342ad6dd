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
