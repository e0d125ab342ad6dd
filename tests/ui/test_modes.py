"""The modes are described in measured figures, or without any where none were measured."""

from dataclasses import replace

from qa.calibration import MODES, Calibrator
from ui.modes import CHOICES, described, help_texts

CALIBRATOR = Calibrator(
    fingerprint="x",
    mean={},
    scale={},
    weights={"right": {}},
    bias={"right": 0.0},
    thresholds=dict.fromkeys(MODES, 0.5),
    fitted_on={"modes": {"strict": {"error": 0.1997, "declined": 0.9466}}},
)


def test_figures_where_there_are_some() -> None:
    words = described(CALIBRATOR)
    assert list(words) == [mode for _, mode in CHOICES] == list(MODES)
    assert "20% of its answers were wrong" in words["strict"]
    assert "it declined 95% of those" in words["strict"]
    assert "%" not in words["eager"]


def test_the_figures_claim_no_more_than_was_measured() -> None:
    words = described(CALIBRATOR)["strict"]
    assert "In tests on other articles, where half of the questions had no answer" in words
    assert "your articles can differ" in words


def test_none_where_there_are_none() -> None:
    for calibrator in (None, replace(CALIBRATOR, fitted_on={})):
        assert "%" not in "".join(described(calibrator).values())


def test_each_has_a_paragraph_of_its_own() -> None:
    html = help_texts(None)
    assert [html.count(f'id="about-{mode}"') for mode in MODES] == [1, 1, 1]
