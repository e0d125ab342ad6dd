import re
import time
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import combining

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from toys import count_words

from index.article import Article, Chunk
from index.errors import UsageError
from index.splitter import Splitter


def count_bytes(texts: Sequence[str]) -> list[int]:
    """Like a byte-level tokenizer: white space counts too, so counts of sentences do not add up."""
    return [len(text.encode()) for text in texts]


def is_one_character(text: str) -> bool:
    return all(combining(c) or c in "\u200d\ufe0e\ufe0f" or b == "\u200d" for b, c in pairwise(text))


def check(article: Article, chunks: Sequence[Chunk], splitter: Splitter) -> None:
    covered = bytearray(len(article.text))
    for chunk in chunks:
        assert chunk.article_id == article.id
        assert 0 <= chunk.start < chunk.end <= len(article.text)
        quote = article.text[chunk.start : chunk.end]
        assert quote == quote.strip()
        tokens = splitter.count_tokens([quote])[0]
        assert tokens <= splitter.size or is_one_character(quote)
        covered[chunk.start : chunk.end] = b"x" * len(quote)
    assert all(covered[i] or c.isspace() for i, c in enumerate(article.text)), "text was left out"
    assert all(a.start < b.start and a.end < b.end for a, b in pairwise(chunks))


_latin = [
    "chunk",
    "The",
    "rose",
    "$50",
    "million",
    "12.5%",
    "U.S.",
    "Dr.",
    "“quoted”",
    "end.",
    "why?",
    "naïve",
]
_other = ["nai\u0308ve", "a\u00a0b", "👩\u200d👩\u200d👧", "🎉", "שלום", "עולם", "مرحبا", "非常に長い文。"]
_words = st.sampled_from([*_latin, *_other, "x" * 130, "e\u0301" * 9])
_gaps = st.sampled_from(
    [" ", " ", " ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\r", "\t", "\u00a0", "\u2028", ". ", ""]
)
_texts = st.lists(st.tuples(_words, _gaps), min_size=1, max_size=120).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)


@settings(max_examples=150, deadline=None)
@given(_texts, st.integers(1, 40), st.data())
@example("chunk chunk chunk chunk", 1, None)
def test_chunks_cover_the_text_in_order_and_fit(text: str, size: int, data: st.DataObject | None) -> None:
    article = Article.of(text)
    overlap = data.draw(st.integers(0, size - 1)) if data else 0
    for counter in (count_words, count_bytes):
        splitter = Splitter(counter, size, overlap)
        check(article, splitter.split(article), splitter)


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_any_text_is_covered(text: str) -> None:
    article = Article.of(text.encode("utf-8", "replace").decode())
    splitter = Splitter(count_words, 7, 3)
    check(article, splitter.split(article), splitter)


def test_repeated_text_keeps_each_place() -> None:
    article = Article.of("chunk chunk chunk chunk")
    chunks = Splitter(count_words, 1, 0).split(article)
    assert [(c.start, c.end) for c in chunks] == [(0, 5), (6, 11), (12, 17), (18, 23)]


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    article = Article.of("The council met; " + ", ".join(f"member {i} said yes" for i in range(100)) + ".")
    assert count_words([article.text])[0] > 400
    splitter = Splitter(count_words)
    chunks = splitter.split(article)
    check(article, chunks, splitter)
    assert len(chunks) == 4 or len(chunks) == 3
    assert all(article.text[c.end - 1] in ",." for c in chunks), "cut inside a clause"


def test_no_word_is_cut_that_fits() -> None:
    article = Article.of(" ".join(f"word{i}" for i in range(500)))
    for size in (1, 5, 60, 300):
        for chunk in Splitter(count_words, size, 0).split(article):
            assert re.fullmatch(r"word\d+( word\d+)*", article.text[chunk.start : chunk.end])
            before = article.text[chunk.start - 1] if chunk.start else " "
            after = article.text[chunk.end] if chunk.end < len(article.text) else " "
            assert before == " " and after == " "


def test_overlap_repeats_whole_sentences() -> None:
    article = Article.of(" ".join(f"This is sentence number {i}." for i in range(30)))
    chunks = Splitter(count_words, 30, 12).split(article)
    assert len(chunks) > 3
    for a, b in pairwise(chunks):
        repeated = article.text[b.start : a.end]
        assert re.fullmatch(r"This is sentence number \d+\. This is sentence number \d+\.", repeated)


def test_a_paragraph_that_fits_is_kept_whole() -> None:
    first = " ".join(["One two three four five."] * 4)  # 24 tokens: more than half of 40
    second = " ".join(["Six seven eight nine ten."] * 4)
    for blank in ("\n\n", "\r\n\r\n", "\n \n"):
        article = Article.of(first + blank + second)
        chunks = Splitter(count_words, 40, 0).split(article)
        assert [article.text[c.start : c.end] for c in chunks] == [first, second]


def test_accents_and_emoji_sequences_stay_whole() -> None:
    article = Article.of("e\u0301" * 50 + "👩\u200d👩\u200d👧" * 20)
    for chunk in Splitter(count_bytes, 40, 0).split(article):
        assert article.text[chunk.start] not in "\u0301\u200d"
        assert article.text[chunk.end - 1] != "\u200d"


def test_text_between_sentences_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.splitter.sentence_spans", lambda text: ((4, 8), (16, 20)))
    article = Article.of("One Two. Three. Four. Five.")
    for size in (2, 30):
        splitter = Splitter(count_words, size, 0)
        check(article, splitter.split(article), splitter)


def test_short_article_is_one_chunk() -> None:
    article = Article.of("\n\n  Short.  \n")
    assert Splitter(count_words).split(article) == [Chunk(article.id, 4, 10)]


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (10, 10), (10, -1), (10, 12)])
def test_impossible_sizes_are_refused(size: int, overlap: int) -> None:
    with pytest.raises(UsageError, match="overlap"):
        Splitter(count_words, size, overlap)


def test_time_and_counter_calls_grow_with_the_text_only() -> None:
    counted = 0

    def counter(texts: Sequence[str]) -> list[int]:
        nonlocal counted
        counted += sum(map(len, texts))
        return count_words(texts)

    kinds = {
        "sentences": " ".join(f"Sentence {i} says {i * i}." for i in range(12_000)),
        "one sentence": "word " * 100_000,
        "one word": "a.b" * 150_000,
        "lines": "a line of text\n" * 30_000,
    }
    for kind, text in kinds.items():
        counted, began = 0, time.perf_counter()
        Splitter(counter).split(Article.of(text))
        assert counted < 5 * len(text), kind
        assert time.perf_counter() - began < 10, kind
