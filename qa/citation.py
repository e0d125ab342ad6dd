"""How a quote is cited: its words, where they stand, and a link that opens the page at them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING
from urllib.parse import quote, urldefrag

if TYPE_CHECKING:
    from index.article import Article
    from qa.answer import Span

_WHOLE_CHARS = 100  # a longer quote is linked by its first and last words
_EDGE_WORDS = 4
_WEB = re.compile(r"https?://", re.IGNORECASE)


def citation(article: Article, span: Span) -> str:
    """Return a quote with title, author, source, date, page and, if the article came from the web, a link to it."""
    words = " ".join(span.text.split())
    page = article.page_at(span.start)
    link = quote_link(article, span)
    source = "" if link else shown_source(article)
    facts = [
        article.author or "",
        article.title,
        source if source != article.title else "",
        long_date(article.published) if article.published else "",
        f"p. {page}" if page else "",
    ]
    cited = f"“{words}” ({', '.join(fact for fact in facts if fact)})"
    return f"{cited} {link}" if link else cited


def shown_source(article: Article) -> str:
    """Return where an article came from: an address, or else the name of a file; its folders are nobody's business."""
    source = article.source or ""
    return source if _WEB.match(source) else PureWindowsPath(source).name  # which takes both kinds of slashes


def quote_link(article: Article, span: Span) -> str:
    """Return the address of a quote, with a text fragment to scroll to; empty for an article that is not from the web.

    The fragment follows https://wicg.github.io/scroll-to-text-fragment/; words around the quote are added where the
    quote alone is not unique.
    """
    source = article.source or ""
    if not _WEB.match(source):
        return ""
    address, fragment = urldefrag(source)
    return f"{address}#{fragment.split(':~:')[0]}:~:text={_directive(article.text, span)}"


def long_date(published: str) -> str:
    """Return an ISO date as people write it; anything else as it is."""
    try:
        day = date.fromisoformat(published)
    except ValueError:
        return published
    return f"{day.day} {day:%B %Y}"


def _directive(text: str, span: Span) -> str:
    words = span.text.split()
    if len(words) > 2 * _EDGE_WORDS and (len(span.text) > _WHOLE_CHARS or "\n" in span.text):
        return ",".join(_encoded(" ".join(edge)) for edge in (words[:_EDGE_WORDS], words[-_EDGE_WORDS:]))
    if text.casefold().count(span.text.casefold()) == 1:  # browsers find "may" where "May" is sought
        return _encoded(" ".join(words))
    line_start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    line_end = re.compile(r"[\r\n]|\Z").search(text, span.end)
    before = text[line_start : span.start].split()[-_EDGE_WORDS:]
    after = text[span.end : line_end.start() if line_end else len(text)].split()[:_EDGE_WORDS]
    prefix = f"{_encoded(' '.join(before))}-," if before else ""
    suffix = f",-{_encoded(' '.join(after))}" if after else ""
    return f"{prefix}{_encoded(' '.join(words))}{suffix}"


def _encoded(words: str) -> str:
    return quote(words, safe="").replace("-", "%2D")
