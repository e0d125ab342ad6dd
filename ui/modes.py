"""What strict, balanced and eager do, in the error rates that were measured for the reader."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.calibration import Calibrator

CHOICES = (("Strict", "strict"), ("Balanced", "balanced"), ("Eager", "eager"))
_MEANING = {
    "strict": "Answers only when nearly sure.",
    "balanced": "Weighs a wrong answer against a missed one.",
    "eager": "Answers whenever there is a hint.",
}


def described(calibrator: Calibrator | None) -> dict[str, str]:
    """Return a sentence or two for each mode; without measured figures, only what it means."""
    fitted = calibrator.fitted_on if calibrator else {}
    measured = fitted.get("modes", {})
    words = dict(_MEANING)
    for mode, figures in measured.items():
        words[mode] += (
            f" Measured on {fitted['questions']:,} questions: {figures['error']:.0%} of the answers given were wrong,"
            f" and of the questions without an answer {figures['declined']:.0%} were declined."
        )
    return words


def help_texts(calibrator: Calibrator | None) -> str:
    """Return the descriptions as HTML that shows nothing, for the page's script to put beside the choices."""
    words = described(calibrator)
    return f'<span hidden data-modes="{escape(json.dumps([words[mode] for _, mode in CHOICES]))}"></span>'
