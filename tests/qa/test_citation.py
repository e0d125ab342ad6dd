"""How a quote is cited, and the link that opens a page at it."""

from urllib.parse import unquote

import pytest

from qa import Article, Span
from qa.citation import citation, long_date, quote_link, shown_source

TEXT = "Ann Lee won the prize on Monday, 50% more than Ann Lee hoped for.\n\nThe jury met twice."


def article(source: str | None, **details: object) -> Article:
    return Article.of(TEXT, "Prizes", source, **details)  # type: ignore[arg-type]


def quoted(held: Article, words: str, after: int = 0) -> Span:
    at = held.text.index(words, after)
    return Span.quoting(held, at, at + len(words))


def test_quote_title_source_and_date() -> None:
    held = article("prizes.pdf", published="2015-11-05", author="Bo Ek", pages=(0, 60))
    assert citation(held, quoted(held, "the prize")) == "“the prize” (Bo Ek, Prizes, prizes.pdf, 5 November 2015, p. 1)"
    assert citation(article(None), quoted(article(None), "the prize")) == "“the prize” (Prizes)"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("/home/ann/leaks/story.txt", "story.txt"),
        ("leaks/story.txt", "story.txt"),
        ("C:\\Users\\ann\\story.txt", "story.txt"),
        ("file:///home/ann/story.txt", "story.txt"),
        ("story.txt", "story.txt"),
        ("HTTPS://example.org/leaks/story", "HTTPS://example.org/leaks/story"),
        (None, ""),
    ],
)
def test_the_folders_of_a_file_are_not_shown(source: str | None, shown: str) -> None:
    held = article(source)
    assert shown_source(held) == shown
    assert "ann/" not in citation(held, quoted(held, "the prize")).replace("\\", "/")


def test_an_article_from_the_web_is_linked_at_the_words() -> None:
    held = article("https://example.org/a?b=1#part")
    link = quote_link(held, quoted(held, "the prize"))
    assert link == "https://example.org/a?b=1#part:~:text=the%20prize"
    assert citation(held, quoted(held, "the prize")) == f"“the prize” (Prizes) {link}"


def test_what_is_not_unique_is_linked_with_the_words_around_it() -> None:
    held = article("http://example.org/")
    second = quote_link(held, quoted(held, "Ann Lee", 5))
    assert second == "http://example.org/#:~:text=Monday%2C%2050%25%20more%20than-,Ann%20Lee,-hoped%20for."
    first = quote_link(held, quoted(held, "Ann Lee"))
    assert first.endswith("text=Ann%20Lee,-won%20the%20prize%20on")


def test_words_that_differ_in_capitals_alone_are_not_unique() -> None:
    held = Article.of("The report may be late. The vote is in May.", "T", "https://example.org/")
    assert quote_link(held, quoted(held, "May")).endswith("text=The%20vote%20is%20in-,May,-.")


def test_a_long_quote_is_linked_by_its_ends() -> None:
    held = article("https://example.org/")
    directive = quote_link(held, quoted(held, TEXT)).split("text=")[1]
    assert [unquote(part) for part in directive.split(",")] == ["Ann Lee won the", "The jury met twice."]


@pytest.mark.parametrize("source", [None, "file.txt", "javascript:alert(1)", "ftp://example.org/x", "folder/https://x"])
def test_only_web_addresses_become_links(source: str | None) -> None:
    held = article(source)
    assert quote_link(held, quoted(held, "the prize")) == ""


def test_signs_of_the_fragment_are_escaped() -> None:
    held = Article.of("a well-known, old & odd name", "T", "https://example.org/")
    link = quote_link(held, Span.quoting(held, 0, len(held.text)))
    assert link.endswith("text=a%20well%2Dknown%2C%20old%20%26%20odd%20name")


def test_dates_that_are_none_stay_as_they_are() -> None:
    assert long_date("2015-11-05") == "5 November 2015"
    assert long_date("spring") == "spring"
