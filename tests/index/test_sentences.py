"""Sentence boundaries: every kind of line break and script, and what holds for any text."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import sentence_around, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\u00a0\t ", []),
        ("  One. \t Two!\nThree?  ", ["One.", "Two!", "Three?"]),
        ("One.\r\nTwo.\r\n\r\nThree.", ["One.", "Two.", "Three."]),
        ("A line that\r\nis wrapped. Next.", ["A line that\r\nis wrapped.", "Next."]),
        ("One.\u00a0Two costs 5\u00a0%.\u00a0", ["One.", "Two costs 5\u00a0%."]),
        ("Dr. Ruiz of the U.S. Navy paid $1.5m. He left.", ["Dr. Ruiz of the U.S. Navy paid $1.5m.", "He left."]),
        ("“We will pay,” she said. “All of it.” He left.", ["“We will pay,” she said.", "“All of it.”", "He left."]),
        ("A heading\n\nThe text.\n \nAnother heading\r\rMore.", ["A heading", "The text.", "Another heading", "More."]),
        ("שלום עולם. מה שלומך?", ["שלום עולם.", "מה שלומך?"]),
        ("Nai\u0308ve 👩\u200d👩\u200d👧 came. They left.", ["Nai\u0308ve 👩\u200d👩\u200d👧 came.", "They left."]),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


_parts = st.sampled_from(
    [
        "One",
        "Dr.",
        "U.S.",
        "3.5",
        "end.",
        "why?",
        "“Yes!”",
        "(no.)",
        "e\u0301",
        "🎉",
        "שלום.",
        "。",
        "…",
        "\ufeff",
        "\x00",
    ]
)
_gaps = st.sampled_from([" ", "  ", "\n", "\r\n", "\n\n", "\r\n \r\n", "\r", "\u00a0", "\u2028", "\t", ""])
_made = st.lists(st.tuples(_parts, _gaps), max_size=40).map(lambda parts: "".join(map("".join, parts)))


@settings(max_examples=200, deadline=None)
@given(_made | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace").decode()))
def test_spans_are_in_order_apart_stripped_and_leave_out_no_word(text: str) -> None:
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    for start, end in spans:
        assert sentence_around(text, start, end) == (start, end)


def test_the_sentence_around_a_stretch() -> None:
    text = "A heading\n\nIt rained. The mayor paid. All left."
    paid, rained = text.index("paid"), text.index("rained")
    whole = text.index("The mayor"), text.index(" All")
    assert sentence_around(text, paid, paid + 4) == whole
    assert sentence_around(text, rained, paid + 4) == (text.index("It"), whole[1])
    assert sentence_around(text, 2, rained) == (0, text.index(" The")), "over a paragraph break"
    assert sentence_around(text, 9, 11) == (9, 11), "between two sentences"
    assert sentence_around(text, 7, 11) == (0, 11), "its end lies in no sentence"


def test_few_texts_are_kept() -> None:
    for number in range(40):
        sentence_spans(f"Text number {number}.")
    assert sentence_spans.cache_info().currsize <= 8
