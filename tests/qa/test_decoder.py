"""The decoder: against brute force over all spans, and the cases that known readers fail."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.decoder import Candidate, decode_window, merge

LOGIT = st.floats(-20, 20, allow_nan=False, width=32)


def brute_force(start, end, in_context, cls, longest, n_best):
    """Every span, one by one, straight from the definition; then those that overlap no better one."""
    null = float(start[cls] + end[cls])
    spans = [
        (float(start[i] + end[j]), i, j)
        for i, j in itertools.product(range(len(start)), repeat=2)
        if in_context[i] and in_context[j] and i <= j < i + longest
    ]
    spans.sort(key=lambda span: (-span[0], span[1], span[2]))
    total = sum(math.exp(score - spans[0][0]) for score, _, _ in spans)
    kept = []
    for score, i, j in spans:
        if len(kept) < n_best and all(j < first or last < i for _, _, first, last in kept):
            kept.append((score - null, score - spans[0][0] - math.log(total), i, j))
    return kept


@st.composite
def decoder_windows(draw):
    n = draw(st.integers(1, 14))
    logits = st.lists(LOGIT | st.sampled_from([0.0, 1.0]), min_size=n, max_size=n)
    start, end = (np.array(draw(logits), dtype=np.float32) for _ in range(2))
    in_context = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    return start, end, in_context, draw(st.integers(0, n - 1)), draw(st.integers(1, 15)), draw(st.integers(1, 30))


@given(decoder_windows())
def test_equals_brute_force_over_all_spans(window):
    start, end, in_context, cls, longest, n_best = window
    found = decode_window(start, end, in_context, cls=cls, max_answer_tokens=longest, n_best=n_best)
    expected = brute_force(start, end, in_context, cls, longest, n_best)
    assert [(span.first, span.last) for span in found] == [(i, j) for _, _, i, j in expected]
    assert [span.margin for span in found] == pytest.approx([margin for margin, _, _, _ in expected], abs=1e-4)
    assert [span.focus for span in found] == pytest.approx([focus for _, focus, _, _ in expected], abs=1e-3)


def logits(n, **peaks):
    values = np.zeros(n, dtype=np.float32)
    for place, value in peaks.items():
        values[int(place[1:])] = value
    return values


CONTEXT = np.array([False, False, False, True, True, True, True, False])  # [CLS] question [SEP] context... [SEP]


def test_argmax_at_cls_still_yields_the_best_span_with_a_negative_margin():
    spans = decode_window(logits(8, _0=9, _4=3), logits(8, _0=9, _5=3), CONTEXT)
    assert (spans[0].first, spans[0].last) == (4, 5)
    assert spans[0].margin == -12


def test_end_before_start_is_never_chosen():
    spans = decode_window(logits(8, _6=9, _3=1), logits(8, _3=9, _6=1), CONTEXT)
    assert all(span.first <= span.last for span in spans)
    assert spans[0].score == 10


def test_best_token_inside_the_question_is_ignored():
    spans = decode_window(logits(8, _1=50, _4=1), logits(8, _1=50, _4=1), CONTEXT)
    assert (spans[0].first, spans[0].last) == (4, 4)


def test_a_window_without_context_tokens_has_no_spans():
    assert decode_window(logits(8), logits(8), np.zeros(8, dtype=bool)) == []


def test_logits_that_are_not_finite_are_passed_over():
    start = logits(8, _4=1)
    start[3], start[5] = -np.inf, np.nan
    spans = decode_window(start, logits(8, _6=2), CONTEXT)
    assert all(np.isfinite(span.score) for span in spans)
    assert [(span.first, span.last) for span in spans] == [(4, 6)]


def test_spans_are_no_longer_than_allowed():
    spans = decode_window(logits(8, _3=5), logits(8, _6=5), CONTEXT, max_answer_tokens=2)
    assert all(span.last - span.first < 2 for span in spans)


def test_the_best_margin_wins_over_many_windows_that_say_not_here():
    nothing = [Candidate("a", 10 * n, 10 * n + 3, -8.0, 15.0, -1.0, n) for n in range(19)]
    there = Candidate("a", 500, 503, 2.0, 4.0, -1.0, 19)
    assert merge([*nothing, there])[0] == there


def test_the_same_place_in_two_windows_is_one_candidate_with_the_better_margin():
    first, again = Candidate("a", 5, 9, 1.0, 3.0, -1.0, 0), Candidate("a", 5, 9, 2.5, 3.0, -1.0, 1)
    assert merge([first, again, Candidate("b", 5, 9, 0.0, 0.0, -1.0, 2)]) == [
        again,
        Candidate("b", 5, 9, 0.0, 0.0, -1.0, 2),
    ]


def test_variants_of_the_best_span_do_not_hide_the_same_words_elsewhere():
    start, end = np.full(60, -9, dtype=np.float32), np.full(60, -9, dtype=np.float32)
    start[10:16] = end[10:16] = 8  # 21 spans that all beat the one at 40
    start[40] = end[40] = 6
    spans = decode_window(start, end, np.arange(60) > 2, n_best=3)
    assert [(span.first, span.last) for span in spans[:1]] == [(10, 10)]
    assert (40, 40) in [(span.first, span.last) for span in decode_window(start, end, np.arange(60) > 2)]
