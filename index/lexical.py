"""The lexical index: chunks that share the question's words, best first, by BM25."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from unicodedata import combining, normalize

import numpy as np

from index.vectors import Hit, Ids

K1, B = 1.5, 0.75  # the usual constants of BM25: how soon repetition stops counting, how much length does

# Words that say nothing about the subject of a question; not "will", "may" and "us": Will, May, the US.
_STOP_WORDS = """
a an the this that these those there here of in on at by for from to with without into onto over under about
as than then and or but nor so if because while is are was were be been being am do does did done has have had
having can could would should shall might must not no i me my we our you your he him his she her hers it its
they them their what which who whom whose when where why how many much any some such also
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

INITIALS = r"(?:[^\W\d_]\.)+[^\W\d_](?:\.|\b)"  # U.S.  e.g.  J.K. and, where the last stop was left out, U.S
_TOKEN = re.compile(
    r"(?P<number>[$€£¥]?\d+(?:[.,:]\d+)*(?:%|[^\W\d_]+)?)"  # $50  1,200.5  12%  10:30  50m  19th
    rf"|(?P<initials>{INITIALS})"
    r"|(?P<word>[^\W\d_]+(?:\d+[^\W_]*)?)(?:['’]s\b)?"  # council  council's  B2B
)
_NUMBER = re.compile(r"([$€£¥]?)([\d.]+)(.*)")


def lexical_tokens(text: str) -> list[str]:
    """Return the words and numbers of a text as BM25 compares them.

    Case, accents, plural endings, possessives and separators of thousands do not count; stop words are left
    out. An amount is found as written and by its number alone: ``$50m`` gives ``$50m``, ``50``.
    """
    return [form for match in _TOKEN.finditer(_plain(text)) for form in _forms(match[0])]


def bare_tokens(text: str) -> list[str]:
    """Return the same words and numbers, an amount by its number alone."""
    return [form for match in _TOKEN.finditer(_plain(text)) for form in _forms(match[0])[-1:]]


def _plain(text: str) -> str:
    """Return a text in lower case, without accents and compatibility forms."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in normalize("NFKD", text) if not combining(c)).casefold()


@lru_cache(maxsize=1 << 16)
def _forms(found: str) -> tuple[str, ...]:
    """Return the tokens of one match of the pattern, none for a stop word."""
    match = _TOKEN.fullmatch(found)
    if match is None:
        return ()
    if match["number"]:
        written = match["number"].replace(",", "")
        number = _NUMBER.fullmatch(written)
        return (written, number[2]) if number and number[2] != written else (written,)
    if match["initials"]:
        return (_singular(match["initials"].replace(".", "")),)
    return () if match["word"] in STOP_WORDS else (_singular(match["word"]),)


def _singular(word: str) -> str:
    """Strip a plural ending: the three rules of Harman's S stemmer, the first that fits (JASIS 42, 1991)."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("us", "ss")):
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word[:-1]


class LexicalIndex:
    """BM25 over chunks, in the variant of Lucene.

    The score of a chunk is the sum over the question's tokens of
    ``idf * tf / (tf + k1 * (1 - b + b * length / mean length))`` with
    ``idf = ln(1 + (N - n + 0.5) / (n + 0.5))``, where ``n`` of ``N`` chunks have the token.

    Tokens are kept as numbers; the score matrix is made anew at the first search after a change.
    """

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._tokens: dict[int, list[int]] = {}  # by chunk id
        self._matrix: Any = None  # bm25s.BM25 over the chunks in the order of _ids
        self._ids: Ids = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self._tokens)

    def add(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        """Index one text for each id; an id that is known gets the new text."""
        vocabulary = self._vocabulary
        for chunk_id, text in zip(ids, texts, strict=True):
            tokens = lexical_tokens(text)
            self._tokens[chunk_id] = [vocabulary.setdefault(token, len(vocabulary)) for token in tokens]
        self._matrix = None

    def remove(self, ids: Sequence[int]) -> None:
        """Forget the texts of these ids."""
        for chunk_id in ids:
            self._tokens.pop(int(chunk_id), None)
        self._matrix = None

    def search(self, question: str, k: int, allowed: Ids | None = None) -> list[Hit]:
        """Return at most ``k`` chunks that have a word of the question, best first, equal scores by id."""
        known = [self._vocabulary[t] for t in lexical_tokens(question) if t in self._vocabulary]
        if not known or not any(self._tokens.values()):
            return []
        if self._matrix is None:
            self._fit()
        scores = self._matrix.get_scores_from_ids(known)
        if allowed is not None:
            scores = np.where(np.isin(self._ids, allowed), scores, 0)
        order = np.lexsort((self._ids, -scores))[:k]
        return [Hit(int(self._ids[i]), float(scores[i])) for i in order if scores[i] > 0]

    def _fit(self) -> None:
        import bm25s

        matrix = bm25s.BM25(k1=K1, b=B, method="lucene")
        tokens = list(self._tokens.values())
        # bm25s adds an empty token to the dictionary it is given, hence the copy.
        matrix.index((tokens, dict(self._vocabulary)), create_empty_token=False, show_progress=False)
        self._matrix = matrix
        self._ids = np.fromiter(self._tokens, np.int64, len(self._tokens))
