"""What belongs to the article of an HTML page, though its extraction takes it for something beside the article."""

from __future__ import annotations

import re

from index.loaders.markup import Element

# Elements that are dropped whole wherever they stand, and what to make of those that stand in an article.
_PLAIN = {
    "//figure[.//figcaption]": "div",
    "//figcaption": "p",
    "//blockquote//footer": "p",
    "//article//aside | //main[not(.//article)]//aside": "div",  # one beside the article in main is a side bar
}
_ELSEWHERE = re.compile(
    r"(?<![a-z])ads?(?![a-z])|advert|author|banner|comment|most-?read|newsletter|popular|promo|pull-?quote|read-?more"
    r"|read-?next|recommend|related|share|sidebar|sign-?up|social|sponsor|subscri|trending|widget"
)
_TIMES = "//*[self::p or self::li or self::dd or self::td]//time"


def keep_parts(page: Element) -> None:
    """Let captions, fact boxes and the speakers of quotes be plain paragraphs; what leads elsewhere stays as it is."""
    for path, tag in _PLAIN.items():
        for element in page.xpath(path):
            if not _leads_elsewhere(element):
                element.tag = tag
                element.attrib.clear()  # the names of styles would be judged once more


def keep_times(page: Element) -> None:
    """Let the dates in sentences be plain words; an empty element before them still tells when a page was published."""
    for time in page.xpath(_TIMES):
        time.addprevious(time.makeelement("time", time.attrib))
        time.tag = "span"


def _leads_elsewhere(element: Element) -> bool:
    named = " ".join(element.get(name, "") for name in ("class", "id", "aria-label"))
    links = sum(len(link.text_content()) for link in element.iter("a"))
    return bool(_ELSEWHERE.search(named.lower())) or links > len(element.text_content()) / 2
