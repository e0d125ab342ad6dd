"""What of an HTML page belongs to its article, and what stands beside it."""

from __future__ import annotations

import documents as make
import pytest

from index.loaders import load_bytes

CAPTION = "<figure class='embed'><img src='x'><figcaption class='meta'>The mayor at the pier.</figcaption></figure>"
FACTS = "<aside class='factbox'><h3>In figures</h3><ul><li>Built in 1911</li><li>312 metres long</li></ul></aside>"
SPEAKER = "<blockquote><p>We cannot wait.</p><footer>Ruth Calloway</footer></blockquote>"
TABLE = "<figure><table><tr><th>Year</th><th>Cost</th></tr></table><figcaption>Costs by year</figcaption></figure>"
LINKS = "<ul><li><a href='x'>Ferry breaks down again</a></li><li><a href='y'>Storm comes soon</a></li></ul>"


def page(body: str) -> bytes:
    html = (
        f"<!doctype html><html><head><title>T</title></head><body>{body}<footer>Cookie settings.</footer></body></html>"
    )
    return html.encode()


@pytest.fixture(params=[3, 0], ids=["long page", "short page"])
def middle(request: pytest.FixtureRequest) -> object:
    """What is read of the middle of an article, when the page is long enough for the extraction and when it is not."""
    before, after = make.STORY[: request.param] or ["It rained."], make.STORY[-request.param :][: request.param]

    def read(part: str, around: str = "<article>{}</article>") -> list[str]:
        story = "".join(f"<p>{text}</p>" for text in before) + part + "".join(f"<p>{text}</p>" for text in after)
        found = load_bytes(page(around.format(f"<h1>Bridge reopens</h1>{story}")), "a.html").text.split("\n\n")
        start = found.index(before[-1]) + 1
        return found[start : len(found) - len(after)]

    return read


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (CAPTION, ["The mayor at the pier."]),
        (FACTS, ["In figures", "Built in 1911", "312 metres long"]),
        (SPEAKER, ["We cannot wait.", "Ruth Calloway"]),
        (TABLE, ["Year\tCost", "Costs by year"]),
    ],
)
@pytest.mark.parametrize("around", ["<article>{}</article>", "<main>{}</main>"])
def test_captions_fact_boxes_and_speakers_are_part_of_an_article(
    middle: object, part: str, expected: list[str], around: str
) -> None:
    assert middle(part, around) == expected


@pytest.mark.parametrize(
    "part",
    [
        *(f"<aside class='{name}'><p>Ferry breaks down again.</p></aside>" for name in ("RelatedStories", "c-ad_box")),
        f"<aside><h3>More</h3>{LINKS}</aside>",
        "<footer>Read in our app.</footer>",
    ],
)
def test_what_leads_elsewhere_is_not(middle: object, part: str) -> None:
    assert middle(part) == []


def test_an_aside_beside_the_article_is_not_part_of_it(middle: object) -> None:
    assert middle("", "<main><article>{}</article>" + FACTS + "</main>") == []


def test_dates_in_sentences_are_read_and_tell_when_a_page_appeared(middle: object) -> None:
    part = "<p>On <time datetime='2024-05-03'>3 <b>May</b></time>, they met.</p>"
    assert middle(part) == ["On 3 May, they met."]
    story = "".join(f"<p>{text}</p>" for text in make.STORY)
    assert load_bytes(page(f"<article>{part}{story}</article>"), "a.html").published == "2024-05-03"


def test_hidden_words_are_not_read(middle: object) -> None:
    assert middle("<p hidden>Secret words.</p><p>It <span hidden>never</span> rained <b>there</b>.</p>") == [
        "It rained there."
    ]


def test_hidden_sections_are_read_for_they_can_be_shown(middle: object) -> None:
    assert middle("<div hidden id='S:0'><p>It rained.</p></div>") == ["It rained."]
