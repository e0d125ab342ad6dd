"""Markdown and HTML."""

from __future__ import annotations

import itertools
import socket

import documents as make
import pytest

from index.errors import InputError
from index.loaders import load_bytes

MARKDOWN = """---
title: "Bridge: the sequel"
date: 2024-05-03   # when it appeared
authors:
  - Jane Roe
  - Joe Doe
tags: [a, b]
---
# Bridge *reopens*

The [old bridge](https://example.org "tip") **reopened** on `Friday`,
said the council &amp; the mayor.<br>All ~~cheered~~.

* A tram line
* ![a photo](x.png) of lanes

3. third
4. fourth

> We are proud.

| Year | Cost |
|------|-----:|
| 2022 | 1.2m |

```python
x = "**not bold**"
```

<div class="box"><p>In a <b>box</b></p></div>

Setext
------
***
end\\*
"""


def test_markdown_reads_like_the_rendered_page() -> None:
    article = load_bytes(MARKDOWN.encode(), "a.md")
    assert article.text.split("\n\n") == [
        "Bridge reopens",
        "The old bridge reopened on Friday,\nsaid the council & the mayor.\nAll cheered.",
        "A tram line",
        "a photo of lanes",
        "3. third",
        "4. fourth",
        "We are proud.",
        "Year\tCost",
        "2022\t1.2m",
        'x = "**not bold**"',
        "In a box",
        "Setext",
        "end*",
    ]
    assert article.title == "Bridge: the sequel"
    assert article.published == "2024-05-03"
    assert article.author == "Jane Roe, Joe Doe"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("intro\n\n## The *first* heading\n\ntext", "The first heading"),
        ("A title-like line\n\ntext", "A title-like line"),
        ("Just a sentence.\n", "My notes"),
        ("---\n\nNo front matter, only rules.\n\n---\n\nend.", "My notes"),
        ("---\ntitle:\nauthor: Ann\n---\n# Head\n\ntext", "Head"),
    ],
)
def test_markdown_titles(source: str, title: str) -> None:
    article = load_bytes(source.replace("\n", "\r\n").encode(), "my-notes.md")
    assert article.title == title
    assert "\r" not in article.text


def test_front_matter_dates_are_iso_or_nothing() -> None:
    for written, iso in {
        "2024-05-03T10:00:00Z": "2024-05-03",
        "May 3, 2024": "2024-05-03",
        "3 May 2024": "2024-05-03",
        "2024-13-45": None,
        "last spring": None,
    }.items():
        assert load_bytes(f"---\ndate: {written}\n---\ntext".encode(), "a.md").published == iso


@pytest.mark.parametrize(
    "opening",
    [
        "Breaking: the bridge was closed.\nThe mayor, Elsa Lind, said so.",
        "\nUpdate: the bridge was closed.\n\nThe mayor, Elsa Lind, said so.\n",
        "See https://example.org: it has more.",
        "10:30 The doors opened.\nNote: they were late.",
    ],
)
def test_text_between_two_rules_is_no_front_matter(opening: str) -> None:
    article = load_bytes(f"---\n{opening}\n---\n\nMore follows.".encode(), "a.md")
    assert article.text.replace("\n\n", "\n") == f"{opening.strip()}\nMore follows.".replace("\n\n", "\n")


def test_front_matter_may_have_comments_and_values_of_several_lines() -> None:
    matter = (
        "# made by hand\ntitle: Bridge\n\nsummary: >\n  The bridge is closed,\n  they say: for long.\n"
        "tags: [\n  a,\n]\ndate modified: 2024-06-01\n'og:type': article\nauthors:\n- Ann\ndate: 2024-05-03"
    )
    article = load_bytes(f"---\n{matter}\n---\nThe text.".encode(), "a.md")
    assert (article.text, article.title, article.author) == ("The text.", "Bridge", "Ann")
    assert article.published == "2024-05-03"


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("title: >-\n  Mayor\n  resigns", "Mayor resigns"),
        ("title: 'Mayor''s audit'", "Mayor's audit"),
        (r'title: "Mayor says \"no\""', 'Mayor says "no"'),
        ("Title: 2024", "2024"),
        ("title: Yes", "Yes"),
        ("title: Bridge: the sequel", "Bridge: the sequel"),  # all but YAML
        ("title: @mayor", "@mayor"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_front_matter_is_yaml(field: str, title: str, end: str) -> None:
    matter = f"---\n{field}\ndate: '2024-05-03'\nauthor: {{name: Ann}}\n---\nThe text."
    article = load_bytes(matter.replace("\n", end).encode(), "a.md")
    assert (article.text, article.title, article.published) == ("The text.", title, "2024-05-03")


def test_authors_in_front_matter_have_names() -> None:
    assert load_bytes(b"---\nby:\n- name: Ann\n  mail: a@example.org\n- Bob\n---\nText.", "a.md").author == "Ann, Bob"


def test_front_matter_between_pluses_is_toml() -> None:
    matter = 'title = "Mayor resigns"\ndate = 2024-05-03T10:00:00Z\nauthors = ["Ann", "Bob"]\n[extra]\nby = "X"'
    article = load_bytes(f"+++\n{matter}\n+++\nThe text.".encode(), "a.md")
    assert (article.text, article.title, article.author) == ("The text.", "Mayor resigns", "Ann, Bob")
    assert article.published == "2024-05-03"
    assert load_bytes(b"+++\nOne more.\n+++\nThe text.", "a.md").text == "+++\nOne more.\n+++\nThe text."


@pytest.mark.parametrize(
    "matter",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"{n}: &{n} [{f'*{p},' * 9}]\n" for p, n in itertools.pairwise("abcdefghi"))
        + "authors: [*i, {name: *i}]",
        "title: " + "[" * 5000,
        "a: &a [*a]\nauthors: *a",
    ],
    ids=["bomb", "deep", "circle"],
)
def test_front_matter_that_is_hard_to_read(matter: str) -> None:
    assert "The text." in load_bytes(f"---\n{matter}\n---\nThe text.".encode(), "a.md").text


NAV = "<nav><ul>" + "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(12)) + "</ul></nav>"
COMMENTS = "<section id='comments' class='comments'><h3>Comments</h3>" + "".join(
    f"<div class='comment'><p>Reader {n} thinks that this is an outrage and says so.</p></div>" for n in range(5)
)


def page(story: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>Bridge reopens | The Town Times</title>{head}</head><body>{NAV}{story}"
        f"{COMMENTS}</section><footer>Copyright The Town Times. Cookie settings.</footer></body></html>"
    )


ARTICLE = "<article><h1>Bridge reopens</h1>" + "".join(f"<p>{text}</p>" for text in make.STORY) + "</article>"
META = '<meta name="author" content="Jane Roe"><meta property="article:published_time" content="2024-05-03T10:00:00Z">'


def test_an_html_page_is_its_article(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a loader opened a socket")

    load_bytes(page(ARTICLE).encode(), "a.html")  # libraries that are imported late need sockets for their types
    monkeypatch.setattr(socket, "socket", no_network)
    article = load_bytes(page(ARTICLE, META).encode(), "a.html")
    assert article.text.split("\n\n") == ["Bridge reopens", *make.STORY]
    assert (article.title, article.author, article.published) == ("Bridge reopens", "Jane Roe", "2024-05-03")


def test_a_headline_outside_the_article_is_kept() -> None:
    story = "<header><h1>Bridge reopens</h1></header>" + ARTICLE.replace("<h1>Bridge reopens</h1>", "")
    article = load_bytes(page(story).encode(), "a.html")
    assert article.text.split("\n\n") == ["Bridge reopens", *make.STORY]


@pytest.mark.parametrize(
    "story",
    [
        "<div><h2>Bridge reopens</h2>" + "".join(f"<div>{text}</div>" for text in make.STORY) + "</div>",
        "<div><h2>Bridge reopens</h2>" + "<br><br>".join(make.STORY) + "</div>",
        f"<table><tr><td>{NAV}</td><td>" + "".join(f"<p>{text}</p>" for text in make.STORY) + "</td></tr></table>",
    ],
    ids=["divs", "breaks", "layout table"],
)
def test_paragraphs_of_old_pages_stay_apart(story: str) -> None:
    paragraphs = load_bytes(page(story).encode(), "a.html").text.split("\n\n")
    assert [p for p in paragraphs if p in make.STORY] == make.STORY
    assert not any("outrage" in p or "Section 3" in p or "Cookie" in p for p in paragraphs)


def test_inline_markup_lists_tables_and_quotes() -> None:
    story = ARTICLE.replace(
        "</article>",
        "<ul><li>A <b>tram</b> line in 2026</li><li>Lanes for <a href='x'>bicycles</a></li></ul>"
        "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2022</td><td>1.2m</td></tr></table>"
        "<blockquote><p>We are proud.</p></blockquote></article>",
    )
    paragraphs = load_bytes(page(story).encode(), "a.html").text.split("\n\n")
    expected = ["A tram line in 2026", "Lanes for bicycles", "Year\tCost", "2022\t1.2m", "We are proud."]
    assert paragraphs[-5:] == expected


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),  # saved anew as UTF-8, the old declaration kept
        ("utf-8", None),
        ("cp1252", "iso-8859-1"),
        ("cp1251", "windows-1251"),
        ("shift-jis", "Shift_JIS"),
        ("iso-2022-jp", "iso-2022-jp"),
        ("utf-16", None),
        ("utf-8-sig", "windows-1252"),
        ("cp1252", "no-such-charset"),
    ],
)
def test_html_charsets(encoding: str, declared: str | None) -> None:
    words = {
        "cp1251": "Мэр открыл старый мост в пятницу после двух лет ремонта, сообщил городской совет.",
        "shift-jis": "市長は火曜日、橋の再建を発表した。",
        "iso-2022-jp": "市長は火曜日、橋の再建を発表した。",
    }.get(encoding, "The café “Zoë” — über the naïve river — costs €3, said the façade’s owner.")
    head = f'<meta charset="{declared}">' if declared else ""
    html = f"<!doctype html><html><head>{head}<title>T</title></head><body><p>{words}</p></body></html>"
    assert load_bytes(html.encode(encoding), "a.html").text == words


def test_valid_utf8_goes_before_an_old_declaration() -> None:
    html = '<html><head><meta charset="iso-8859-1"><title>T</title></head><body><p>Más café señor.</p></body></html>'
    assert load_bytes(html.encode(), "a.html").text == "Más café señor."


def test_xhtml_with_a_declaration_and_closed_tags() -> None:
    html = (
        b"<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title>Caf\xc3\xa9"
        b"</title><script src='x'/></head><body><p>One <a id='n'/>line.</p><p>Caf\xc3\xa9&nbsp;two.</p></body></html>"
    )
    article = load_bytes(html, "a.html")
    assert article.title == "Café"
    assert article.text.replace("\u00a0", " ") == "One line.\n\nCafé two."


def test_short_pages_and_fragments_are_read_too() -> None:
    short = load_bytes(b"<html><body><h1>Notice</h1><p>Water is off.</p><p>Sorry.</p></body></html>", "a.html")
    assert (short.title, short.text) == ("Notice", "Notice\n\nWater is off.\n\nSorry.")
    assert load_bytes(b"<p>Only <i>this</i></p>", "my-note.htm").text == "Only this"
    table = load_bytes(b"<html><body><table><tr><td>Name</td><td>Ann</td></tr></table></body></html>", "a.html")
    assert table.text == "Name\tAnn"


@pytest.mark.parametrize(
    "html",
    [
        b"<html><head><title>x</title></head><body></body></html>",
        b"<!doctype html><html><body><script>var text = 1</script><div id='root'></div></body></html>",
        b"<!-- nothing -->",
    ],
)
def test_pages_without_text_are_refused(html: bytes) -> None:
    with pytest.raises(InputError, match=r"^a\.html has no text") as caught:
        load_bytes(html, "a.html")
    assert "\n" not in str(caught.value)


def test_entities_cannot_grow_or_read_files() -> None:
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    html = f'<!DOCTYPE html [<!ENTITY a0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">{bomb}]><html><body>'
    article = load_bytes(f"{html}<p>Hello &a11; and &f; there</p></body></html>".encode(), "a.html")
    assert len(article.text) < 2000
    assert "root:" not in article.text
