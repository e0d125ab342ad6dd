"""What a report calls each metric, and what it means."""

from __future__ import annotations

METRICS = {  # name: (label, meaning)
    "exact": ("EM", "answers that equal a gold answer; declining is right where the text does not say (SQuAD 2.0)"),
    "f1": ("F1", "words shared with the gold answer, by the same rules (SQuAD 2.0)"),
    "HasAns_exact": ("EM, answerable", "of the questions that the text answers"),
    "HasAns_f1": ("F1, answerable", "of the questions that the text answers"),
    "HasAns_right": ("answered right", "of the questions that the text answers: exact or with an F1 of at least 0.8"),
    "NoAns_exact": ("declined", "of the questions that the text does not answer"),
    "positional_exact": (
        "EM in place",
        "exact and at the place of the gold answer; the right words elsewhere are wrong",
    ),
    "HasAns_positional_exact": ("EM in place, answerable", "of the questions that the text answers"),
    "best_span_exact": ("EM of the best span", "of the questions that the text answers, as if none were declined"),
    "best_span_f1": ("F1 of the best span", "of the questions that the text answers, as if none were declined"),
    "answered": ("answered", "share of all questions that were given an answer"),
    "answered_wrong": (
        "wrong answers",
        "of the answers given, those that were not right; all where the text does not say",
    ),
    "best_exact": ("EM at the best threshold", "with the one threshold that is best for these very questions"),
    "best_f1": ("F1 at the best threshold", "with the one threshold that is best for these very questions"),
    "recall@1": ("recall at 1", "of the answers in articles too long to read whole: their passage was found first"),
    "recall@3": ("recall at 3", "their passage was among the first three"),
    "recall@5": ("recall at 5", "their passage was among the first five"),
    "recall@8": ("recall at 8", "their passage was among the first eight, which are read"),
    "mrr": ("MRR", "mean of 1 / the rank of that passage, from 0 to 1"),
    "ece": ("ECE", "mean gap between confidence and share right, over 15 bins, from 0 to 1"),
    "aurc": ("AURC", "mean share of wrong answers over all coverages, from 0 to 1; lower is better"),
    "coverage_at_80": (
        "coverage at 80%",
        "share of all questions that can be answered with four of five answers right",
    ),
    "milliseconds": ("ms", "mean time of a question, asked by itself"),
    "milliseconds_p50": ("ms, median", "half of the questions took less"),
    "milliseconds_p95": ("ms, 95%", "19 of 20 questions took less"),
}
SHARES = frozenset({"mrr", "ece", "aurc"})  # not in percent


def number(metric: str, value: float) -> str:
    """Return a metric's value as people read it."""
    return f"{value:.3f}" if metric in SHARES else f"{value:.1f}"
