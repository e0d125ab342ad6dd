"""PDF: reading order, paragraphs, hyphens, running headers, pages and metadata."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import documents as make
import pytest

from index.article import Article
from index.errors import InputError
from index.loaders import load_bytes, pdf
from index.loaders.pdf_layout import continues, join


def load(data: bytes) -> Article:
    return load_bytes(data, "my_report.pdf")


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("justified", [False, True])
@pytest.mark.parametrize(("indent", "space"), [(0, 6), (12, 0)], ids=["spaced", "indented"])
def test_paragraphs_come_back_whole_and_in_order(columns: int, justified: bool, indent: int, space: int) -> None:
    data = make.pdf_flow(make.STORY, columns=columns, justified=justified, indent=indent, space=space, frame_height=260)
    assert load(data).text.split("\n\n") == make.STORY


def test_columns_written_row_by_row_are_read_column_by_column() -> None:
    left = [f"left line {n} goes on with some words" for n in range(12)]
    right = [f"right line {n} goes on with more words" for n in range(12)]
    rows = [[(60, "A headline that stands over both of the columns, from one edge to the other of them")], []]
    rows += [[(60, a), (320, b)] for a, b in zip(left, right, strict=True)]
    text = load(make.pdf_rows(rows)).text
    assert text.startswith("A headline")
    assert " ".join(left) in text
    assert " ".join(right) in text
    assert text.index("left line 11") < text.index("right line 0")


def test_table_rows_stay_rows() -> None:
    rows = [[(60, f"Town {n}"), (250, f"{n * 7}"), (400, f"{n} pounds")] for n in range(10, 22)]
    text = load(make.pdf_rows(rows)).text
    for n in range(10, 22):
        assert re.search(rf"Town {n}\s+{n * 7}\s+{n} pounds", text)


def test_words_split_at_line_ends_are_made_whole_and_real_hyphens_stay() -> None:
    lines = [
        "The minister repor-",
        "ted that the Franco-",
        "Russian pact of 2019-",
        "2020 is just a long-",
        "term one: nobody in",
        "it wants a long-term",
        "row about the state-",
        "ment of last week.",
    ]
    assert load(make.pdf_lines(lines)).text == (
        "The minister reported that the Franco-Russian pact of 2019-2020 is just a long-term one: nobody in it "
        "wants a long-term row about the statement of last week."
    )


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("repor-", "ted", "reported"),
        ("repor\u00ad", "ted", "reported"),
        ("Franco-", "Russian", "Franco-Russian"),
        ("he said -", "and left", "he said - and left"),
        ("pages 10-", "12", "pages 10-12"),
        ("either/", "or", "either/or"),
        ("the end", "of it", "the end of it"),
        ("発表し", "た。", "発表した。"),
    ],
)
def test_joining_lines(first: str, second: str, joined: str) -> None:
    assert join(first, second) == joined


def test_a_paragraph_goes_on_only_in_the_middle_of_a_sentence() -> None:
    assert continues("the council", "voted on it")
    assert continues("the coun-", "cil voted")
    assert not continues("The council voted.", "on it")
    assert not continues("The council", "Then it rained")


def test_headers_footers_and_page_numbers_are_removed() -> None:
    story = [f"Report {n}: {text}" for n, text in enumerate(make.STORY * 3)]
    data = make.pdf_flow(story, header="THE ASHFORD OBSERVER", frame_height=200)
    article = load(data)
    assert len(article.pages) >= 3
    assert "OBSERVER" not in article.text
    assert "of 9" not in article.text
    assert article.text.split("\n\n") == story


def test_edges_of_two_pages_and_numbers_that_do_not_count_are_kept() -> None:
    two = load(make.pdf_lines(["Notice", "", "First page."], ["Notice", "", "Second page."])).text
    assert two.count("Notice") == 2
    prices = [[f"Price {n} pounds", "", f"{text[:40]}"] for n, text in zip((10, 45, 31, 8), make.STORY, strict=False)]
    assert load(make.pdf_lines(*prices)).text.count("pounds") == 4


def test_section_titles_and_lines_that_repeat_in_the_text_survive() -> None:
    def draw(canvas: make.Canvas) -> None:
        for number in range(1, 4):
            canvas.drawString(72, make.HEIGHT - 40, "THE ASHFORD OBSERVER")
            canvas.drawString(72, make.HEIGHT - 80, f"Section {number}")
            canvas.drawString(72, make.HEIGHT - 120, "Votes cast: none.")
            canvas.drawString(72, make.HEIGHT - 134, make.STORY[number][:70])
            canvas.drawString(72, make.HEIGHT / 2, "In short")
            canvas.drawString(72, make.HEIGHT / 2 - 40, f"Nobody objected on day {number}.")
            canvas.drawString(72, 120, "The end of this part.")
            canvas.drawString(72, 40, f"Page {number}")
            canvas.showPage()

    text = load(make.pdf(draw)).text
    assert [text.count(f"Section {number}") for number in (1, 2, 3)] == [1, 1, 1]
    for kept in ("Votes cast: none.", "In short", "The end of this part."):
        assert text.count(kept) == 3
    assert "OBSERVER" not in text and "Page" not in text


def test_a_repeated_first_line_that_nothing_sets_apart_is_text() -> None:
    pages = [["Minutes of the council", text[:60], text[60:120]] for text in make.STORY[:4]]
    assert load(make.pdf_lines(*pages)).text.count("Minutes of the council") == 4


def test_headers_that_take_turns_on_left_and_right_pages_are_removed() -> None:
    def draw(canvas: make.Canvas) -> None:
        for number, text in enumerate(make.STORY):
            canvas.drawString(72, make.HEIGHT - 40, ("The Ashford Observer", "Local news")[number % 2])
            canvas.drawString(72, make.HEIGHT - 200, text[:70])
            canvas.showPage()

    assert load(make.pdf(draw)).text.split("\n\n") == [text[:70].strip() for text in make.STORY]


@pytest.mark.parametrize(
    ("footer", "goes"),
    [
        ("{}", True),
        ("- {} -", True),
        ("Page {} of 9", True),
        ("p. {}", True),
        ("The Observer | {}", True),
        ("{} · The Observer", True),
        ("Section {}", False),
        ("Day {}", False),
        ("{} witnesses", False),
    ],
)
def test_a_number_that_counts_with_the_pages_makes_a_footer_only_by_itself(footer: str, goes: bool) -> None:
    def draw(canvas: make.Canvas) -> None:
        for number, text in enumerate(make.STORY, 1):
            canvas.drawString(72, 700, text[:70])
            canvas.drawString(72, 40, footer.format(number))
            canvas.showPage()

    assert (footer.format(3) not in load(make.pdf(draw)).text) is goes


def test_a_page_whose_text_cannot_be_loaded_does_not_spoil_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    import pypdfium2

    get, calls = pypdfium2.PdfPage.get_textpage, []

    def failing(page: pypdfium2.PdfPage) -> object:
        calls.append(page)
        if len(calls) == 2:
            raise pypdfium2.PdfiumError("Failed to load text page.")
        return get(page)

    monkeypatch.setattr(pypdfium2.PdfPage, "get_textpage", failing)
    article = load(make.pdf_lines(["First page."], ["Second page."], ["Third page."]))
    assert article.text == "First page.\n\nThird page."
    assert [article.page_at(article.text.index(word)) for word in ("First", "Third")] == [1, 3]


def test_sideways_pages_read_like_others_and_marginal_stamps_are_left_out() -> None:
    def landscape(canvas: make.Canvas) -> None:
        canvas.rotate(90)
        for number, line in enumerate(["The table of this page", "is printed sideways."]):
            canvas.drawString(100, -200 - number * 14, line)
        canvas.showPage()

    def stamped(canvas: make.Canvas) -> None:
        for number, line in enumerate(["The council voted on Tuesday to", "rebuild the old harbour bridge."]):
            canvas.drawString(100, 700 - number * 14, line)
        canvas.rotate(90)
        canvas.drawString(600, -40, "stamp 12345")
        canvas.showPage()

    assert load(make.pdf(landscape)).text == "The table of this page is printed sideways."
    assert load(make.pdf(stamped)).text == "The council voted on Tuesday to rebuild the old harbour bridge."


def test_headings_and_lists_are_paragraphs_of_their_own() -> None:
    lines = ["Results", "The council voted to rebuild the bridge, which has been closed to all", "traffic for a year."]
    lines += ["• first point of the list", "• second point of the list, longer"]
    assert load(make.pdf_lines(lines)).text.split("\n\n") == [
        "Results",
        "The council voted to rebuild the bridge, which has been closed to all traffic for a year.",
        "• first point of the list",
        "• second point of the list, longer",
    ]


def test_metadata() -> None:
    article = load(make.pdf_lines(["Some text."], title="Annual  Report", author="Ann Smith"))
    assert (article.title, article.author) == ("Annual Report", "Ann Smith")
    assert article.published is None  # when a page was made into a PDF says nothing of when it was published


@pytest.mark.parametrize("junk", ["untitled", "Microsoft Word - draft.docx", "report_v3.indd", "(anonymous)"])
def test_junk_metadata_is_ignored(junk: str) -> None:
    article = load(make.pdf_lines(["Some text that ends."], title=junk, author="anonymous"))
    assert (article.title, article.author) == ("My report", None)


def test_the_largest_line_is_the_title_even_below_a_smaller_one() -> None:
    def draw(canvas: make.Canvas) -> None:
        for y, size, line in [(760, 9, "Local news"), (720, 22, "Bridge to be rebuilt"), (680, 10, make.STORY[0][:80])]:
            canvas.setFont("Helvetica", size)
            canvas.drawString(72, y, line)
        canvas.showPage()

    assert load(make.pdf(draw)).title == "Bridge to be rebuilt"


def test_the_largest_line_is_the_title_when_the_metadata_has_none() -> None:
    headline = "Ashford rebuilds its bridge"
    article = load(make.pdf_flow(make.STORY, headline=headline))
    assert article.title == headline
    assert article.text.split("\n\n") == [headline, *make.STORY]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (make.pdf_encrypted("secret"), "is protected by a password"),
        (make.pdf_scan(), r"has pages but no text \(a scan\?\): run OCR on it first"),
        (b"%PDF-1.7\nnothing that follows is a PDF", "is broken or cut off"),
        (make.pdf_lines(["text"])[:200], "is broken or cut off"),
    ],
    ids=["encrypted", "scan", "garbage", "cut"],
)
def test_unreadable_pdfs(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=rf"^my_report\.pdf {why}") as caught:
        load(data)
    assert "\n" not in str(caught.value)


def test_a_pdf_locked_only_against_changes_is_read() -> None:
    assert load(make.pdf_encrypted("")).text == "Secret words."


def test_pdfium_is_used_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    read = pdf._read

    def locked_read(data: bytes, name: str) -> object:
        assert pdf._PDFIUM.locked()
        return read(data, name)

    monkeypatch.setattr(pdf, "_read", locked_read)
    assert load(make.pdf_lines(["Some text."])).text == "Some text."


def test_several_threads_may_load_at_once() -> None:
    data = make.pdf_flow(make.STORY, columns=2)
    with ThreadPoolExecutor(4) as pool:
        articles = list(pool.map(load, [data] * 8))
    assert set(articles) == {load(data)}
