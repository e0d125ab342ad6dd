"""What strict, balanced and eager do, in the error rates that were measured for the reader."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.calibration import Calibrator

CHOICES = (("Strict", "strict"), ("Balanced", "balanced"), ("Eager", "eager"))
_MEANING = {
    "strict": "Answers what it is surest of.",
    "balanced": "Weighs a wrong answer against a missed one.",
    "eager": "Answers whenever there is a hint.",
}


def described(calibrator: Calibrator | None) -> dict[str, str]:
    """Return a few sentences for each mode; without measured figures, only what it means."""
    measured = calibrator.fitted_on.get("modes", {}) if calibrator else {}
    words = dict(_MEANING)
    for mode, figures in measured.items():
        words[mode] += (
            " In tests on other articles, where half of the questions had no answer, it declined"
            f" {figures['declined']:.0%} of those, and {figures['error']:.0%} of its answers were wrong."
            " A guide to compare the modes: your articles can differ."
        )
    return words


def help_texts(calibrator: Calibrator | None) -> str:
    """Return the descriptions as HTML; the page shows that of the chosen mode."""
    return "".join(
        f'<p id="about-{mode}" class="{mode}">{escape(words)}</p>' for mode, words in described(calibrator).items()
    )
