"""PDF: where in the text each page starts."""

from __future__ import annotations

import documents as make

from index.article import Article
from index.loaders import load_bytes


def load(data: bytes) -> Article:
    return load_bytes(data, "my_report.pdf")


def test_pages_start_where_their_text_starts() -> None:
    bodies = [f"This is what page {word} says, and it says nothing else." for word in ("one", "two", "three")]
    article = load(make.pdf_lines(*([body] for body in bodies)))
    assert article.text == "\n\n".join(bodies)
    assert article.pages == tuple(article.text.index(body) for body in bodies)
    assert [article.page_at(article.text.index(word)) for word in ("one", "two", "three")] == [1, 2, 3]


def test_a_sentence_over_a_page_end_is_joined_and_each_half_is_on_its_page() -> None:
    article = load(
        make.pdf_lines(["The council of Ash-"], ["ford voted to rebuild the", "bridge."], ["Later it rained."])
    )
    assert article.text == "The council of Ashford voted to rebuild the bridge.\n\nLater it rained."
    assert [article.text[start:][:5] for start in article.pages] == ["The c", "ford ", "Later"]


def test_empty_pages_count() -> None:
    article = load(make.pdf_lines([], ["Second page text."], [], ["Fourth page text."], []))
    assert len(article.pages) == 5
    assert article.page_at(article.text.index("Second")) == 2
    assert article.page_at(article.text.index("Fourth")) == 4


def test_a_photo_on_a_page_of_its_own_does_not_break_the_paragraph_around_it() -> None:
    lines = ["The mayor of the town, who had come by ferry, opened the"], [], [], ["new bridge on Friday."], []
    article = load(make.pdf_lines(*lines))
    assert article.text == "The mayor of the town, who had come by ferry, opened the new bridge on Friday."
    second = article.text.index("new bridge")
    assert article.pages == (0, second, second, second, len(article.text))
    assert article.page_at(second) == 4
