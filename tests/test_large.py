"""A text of ten megabytes in memory: asked with the real reader, and quoted from its exact place."""

import random

import pytest
from toys import HashEmbedder

import qa
from qa.reader import DEFAULT_READER

SIZE = 10_000_000  # characters
FACT = "Barnabas Teague, the keeper of the lighthouse at Quillmoor, was paid 4312 guineas for the brass foghorn."
WORDS = (  # noqa: SIM905
    "council bridge harbour vote mayor street winter school report budget ferry market tunnel doctor engine village"
    " summer train letter garden weather station window minister paper hospital farmer number question theatre"
).split()


def long_text() -> str:
    """Ten megabytes of short paragraphs, one of which is the fact, late in the text."""
    chosen = random.Random(0)  # noqa: S311
    parts, size = [], 0
    while size < SIZE:
        words = " ".join(chosen.choices(WORDS, k=chosen.randint(8, 30)))
        parts.append(f"The {words} was paid for by the {chosen.choice(WORDS)}." + chosen.choice(("\n\n", " ", " ")))
        size += len(parts[-1])
    parts.insert(int(0.83 * len(parts)), f"\n\nNéwş 🎉 of the day: {FACT}\r\n\r\n")
    return "".join(parts)


@pytest.mark.skipif(not DEFAULT_READER.is_dir(), reason="the reader's weights are not here")
def test_a_fact_late_in_ten_megabytes_is_found_and_quoted_exactly() -> None:
    text, embedder = long_text(), HashEmbedder()
    assert len(text) >= SIZE
    library = qa.Library(embedder=embedder)
    article = library.add(text, title="Long")
    assert len(library.chunks(article.id)) > 5_000
    answer = library.ask("How many guineas was the keeper of the lighthouse paid?")
    assert answer.answered and answer.text.startswith("4312")
    assert answer.span.start == text.index("4312 guineas")
    assert text[answer.span.start : answer.span.end] == answer.text
    assert answer.sentence.endswith(FACT)
    assert len(embedder.passages) == 300, "embedding all of it would take minutes"
    declined = library.ask("Who discovered the planet Neptune?")
    assert not declined.answered
