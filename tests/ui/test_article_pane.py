"""The article as HTML is exactly the article, and the marks are exactly the spans."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_toys import Elements, tags, text_of, texts

from qa import Answer, Article, Span
from ui import article_pane, paragraphs
from ui.article_pane import Focus, body, page
from ui.marks import Mark, marked, marks
from ui.paragraphs import blocks, part_at, parts

HOSTILE = "<script>alert(1)</script> & \"q\" 'q' <img src=x onerror=alert(2)> ${value} {{this}} `x` &amp;"
PIECES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [HOSTILE, "\n\n", "\r\n", "\r", " ", "مرحبا", "\u202e", "e\u0301", "🦪", "- item", "A heading", "</p>"]
    ),
)
TEXTS = st.lists(PIECES, min_size=1, max_size=12).map("".join).filter(lambda text: text.strip())
ALLOWED = {"article", "header", "div", "h2", "h3", "p", "span", "mark", "time", "button", "nav"}


def make(text: str, **details: object) -> Article:
    return Article.of(text.encode("utf-8", "replace").decode(), **details)  # type: ignore[arg-type]


def found(article: Article, *places: tuple[int, int], sentence: tuple[int, int] | None = None) -> Answer:
    spans = tuple(Span.quoting(article, *place) for place in places)
    around = Span.quoting(article, *sentence) if sentence else None
    return Answer("?", True, spans[0].text, spans[0], 0.8, around, mentions=spans)


def not_found(article: Article, closest: tuple[int, int]) -> Answer:
    return Answer("?", False, "", None, 0.1, None, closest=Span.quoting(article, *closest))


@given(TEXTS)
def test_the_text_of_the_page_is_the_text_of_the_article(text: str) -> None:
    article = make(text)
    assert text_of(body(article)) == article.text
    assert tags(page(article)) <= ALLOWED


@given(TEXTS, st.data())
def test_marks_are_exactly_the_spans(text: str, data: st.DataObject) -> None:
    article = make(text)
    start = data.draw(st.integers(0, len(article.text) - 1))
    end = data.draw(st.integers(start + 1, len(article.text)))
    near = (max(0, start - 5), min(len(article.text), end + 5))
    html = body(article, marks(found(article, (start, end), sentence=near), article.id))
    assert text_of(html) == article.text
    # A span that crosses paragraphs has a mark in each; white space between them is outside of all.
    inside = "".join(texts(html, "answer"))
    assert re.sub(r"\s", "", inside) == re.sub(r"\s", "", article.text[start:end])
    if any(block.start <= start and end <= block.end for block in blocks(article.text)):
        assert texts(html, "answer") == [article.text[start:end]]


@given(TEXTS)
def test_blocks_are_in_order_and_leave_out_only_white_space(text: str) -> None:
    at = 0
    for block in blocks(text):
        assert not text[at : block.start].strip()
        assert text[block.start : block.end].strip() == text[block.start : block.end] != ""
        at = block.end
    assert not text[at:].strip()


@given(TEXTS, st.integers(1, 60))
def test_parts_hold_every_block_once(text: str, size: int) -> None:
    assert [block for part in parts(text, size) for block in part] == list(blocks(text))


def test_answer_sentence_and_other_mentions() -> None:
    article = make("Ann won. The prize went to Ann on Monday.")
    html = page(article, Focus(found(article, (27, 30), (0, 3), sentence=(9, 41))))
    assert texts(html, "answer") == ["Ann"]
    assert texts(html, "mention") == ["Ann"]
    assert texts(html, "sentence") == ["The prize went to ", " on Monday."]
    assert 'data-focus="place-0"' in html
    assert '<mark class="answer" id="place-0"' in html
    assert '<mark class="mention" id="place-1"' in html
    assert 'data-focus="place-1"' in page(article, Focus(found(article, (27, 30), (0, 3)), place=1))


def test_the_closest_passage_is_no_answer() -> None:
    article = make("One thing. Another thing.")
    html = page(article, Focus(not_found(article, (11, 25))))
    assert texts(html, "closest") == ["Another thing."]
    assert "<mark" not in html
    assert 'data-focus="closest"' in html


def test_an_answer_in_another_article_marks_nothing() -> None:
    article, other = make("Ann won."), make("Ben lost.")
    html = page(article, Focus(found(other, (0, 3), sentence=(0, 9))))
    assert "<mark" not in html
    assert 'class="sentence"' not in html
    assert 'data-focus=""' in html


def test_an_article_without_an_answer_has_no_marks() -> None:
    assert marks(None, "x") == ()
    assert marks(Answer("?", False, "", None, None, None), "x") == ()


def test_hostile_head() -> None:
    article = make("Text.", title=HOSTILE, source=HOSTILE, author=HOSTILE, published=HOSTILE)
    html = page(article)
    assert tags(html) <= ALLOWED
    assert text_of(html).count(HOSTILE) == 3
    assert text_of(html).count(HOSTILE.rpartition("/")[2]) == 4  # of what is no address, the name
    assert not [name for _, attrs in Elements(html).found for name in attrs if name.startswith("on")]


def test_head() -> None:
    html = page(make("Body text here.", title="Harbour", author="B. Lee", published="2024-03-05", source="h.pdf"))
    assert texts(html, "headline") == ["Harbour"]
    assert '<time datetime="2024-03-05">5 March 2024</time>' in html
    for words in ("B. Lee", "h.pdf", "3 words", "1 min read"):
        assert words in html


@pytest.mark.parametrize(
    ("text", "title", "headline"),
    [
        ("Harbour opens\n\nIt did.", "Harbour opens", ["Harbour opens"]),  # the text brings its own
        ("Harbour opens\n\nIt did.", "Another", ["Another"]),
        ("A very long first line, that the title was cut from.", "A very long first…", []),
    ],
)
def test_the_title_is_shown_once(text: str, title: str, headline: list[str]) -> None:
    html = page(make(text, title=title))
    assert texts(html, "headline") == headline
    assert html.index("</h2>" if headline else "<p") < html.index("byline") or not headline


def test_pages_are_labelled_where_they_begin() -> None:
    article = make("First page.\n\nSecond page.", pages=(0, 13))
    html = body(article)
    assert '<p class="paragraph" dir="auto" data-at="0" data-page="1">First' in html
    assert '<p class="paragraph" dir="auto" data-at="13" data-page="2">Second' in html
    assert text_of(html) == article.text


def test_a_long_article_is_shown_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n\n".join(f"Paragraph number {n} says something about the harbour." for n in range(9000))
    article = make(text)
    count = len(parts(text))
    assert count >= 3
    assert "".join(text_of(body(article, number=n)) for n in range(count)) == text
    at = text.index("number 8000")
    shown = page(article, Focus(found(article, (at, at + 11))))
    assert texts(shown, "answer") == ["number 8000"]
    assert f'data-part="{part_at(text, at)}"' in shown
    assert len(shown) < 2 * paragraphs.PART_CHARS
    first = page(article, Focus(found(article, (at, at + 11)), part=0))
    assert 'data-turn-to="1"' in first
    assert 'data-focus=""' in first
    assert f'data-part="{count - 1}"' in page(article, Focus(part=999))


def test_texts_of_visitors_who_left_are_soon_forgotten() -> None:
    kept = [paragraphs.blocks.cache_info().maxsize, paragraphs.parts.cache_info().maxsize]
    assert all(0 < (size or 1000) <= 8 for size in kept)  # each keeps a text of up to 30 million characters alive


def test_a_paragraph_without_end_is_cut() -> None:
    for text in ("word " * 50_000, "x" * 100_000):
        assert max(block.end - block.start for block in blocks(text)) <= 20_000
        assert text_of("".join(body(make(text), number=n) for n in range(len(parts(text))))) == text


def kinds(text: str) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks(text)]


def test_paragraphs_on_single_lines() -> None:
    text = f"{'First words. ' * 12}\n{'Second words. ' * 12}"
    assert [kind for kind, _ in kinds(text)] == ["paragraph", "paragraph"]


def test_text_wrapped_by_hand_is_joined() -> None:
    lines = [
        "The harbour was opened on Monday by the mayor of the town,",
        "who had waited for that day for eleven years and",
    ]
    wrapped = "\n".join(
        [*lines, "said so in a speech that was not short. It rained all", "the while. Then came the band."]
    )
    text = wrapped + "\n\n" + wrapped
    assert kinds(text) == [("paragraph", wrapped), ("paragraph", wrapped)]


def test_headings_and_lists() -> None:
    works = "These works are planned:\n- a pier\n- a crane\n1. a light"
    text = f"The harbour\n\nIt was opened on Monday.\n\nWhat is next\n\n{works}"
    assert kinds(text) == [
        ("heading", "The harbour"),
        ("paragraph", "It was opened on Monday."),
        ("heading", "What is next"),
        ("paragraph", "These works are planned:"),
        ("item", "- a pier"),
        ("item", "- a crane"),
        ("item", "1. a light"),
    ]


def test_a_list_of_names_has_no_headings() -> None:
    assert {kind for kind, _ in kinds("Ann Lee\nBen Orr\nCas Poe\nDee Roy")} == {"paragraph"}


def test_every_paragraph_finds_its_own_direction() -> None:
    html = body(make("English words.\n\nمرحبا بالعالم."))
    assert html.count('dir="auto"') == 2


def test_overlapping_marks_go_to_the_more_important() -> None:
    found_marks = (Mark(2, 5, "answer", "place-0"), Mark(4, 8, "mention", "place-1"), Mark(0, 10, "sentence"))
    html = marked("0123456789", 0, 10, found_marks)
    assert texts(html, "answer") == ["234"]
    assert texts(html, "mention") == ["567"]
    assert texts(html, "sentence") == ["01", "89"]


def test_contents() -> None:
    html = article_pane.contents(
        [make("One.", title="<b>First</b>"), make("Two.", title="Second", published="2024-01-02")]
    )
    assert tags(html) <= ALLOWED | {"ul", "li"}
    assert "<b>" not in html
    assert html.count("data-open=") == 2
    assert "2 January 2024" in html
