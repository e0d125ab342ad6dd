"""Ways to turn what the reader says into confidence, compared on titles that each was not fitted to.

    python -m eval.bench.calibrators SQUAD.json.gz ... [--limit N] [--reader R]

Reads the calibration questions of SQuAD-v2 files once and fits each form in eightfold cross-validation by title.
Prints the area under the risk-coverage curve (less is better), the share of questions that can be answered with 80% of
the answers right, the expected calibration error, and how many answerable questions are still answered right by the
threshold that declines 80% of the unanswerable ones. Needs the packages of article-qa[train].
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.calibrate import FEATURES, Observed, observe
from eval.calibration_set import calibration_set
from eval.curves import aurc, coverage_at, expected_calibration_error
from qa import Library

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Table = NDArray[np.float64]  # (questions, features)
    Outcomes = NDArray[np.str_]  # (questions,): of qa.calibration.OUTCOMES
    Form = Callable[[Table, Outcomes, Table], Table]  # fits to the first two; the confidence of the third, (questions,)

DECLINED = 0.8
RIGHT = "right"
MARGIN = FEATURES.index("margin")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=1500, help="questions of each file")
    parser.add_argument("--reader", help="a folder; by default the bundled reader")
    options = parser.parse_args()

    with Library(reader=options.reader) as library:
        observed = observe(library, calibration_set(options.files, options.limit))
    right, answerable = observed.right, observed.answerable
    print(f"{right.size} questions, {answerable.mean():.0%} answerable, best span right for {right.mean():.0%}")
    print("form                           AURC  coverage at 80%    ECE  right, 80% declined")
    for name, form in FORMS.items():
        trust = _cross_validated(form, observed)
        bar = np.quantile(trust[~answerable], DECLINED)
        kept = (right & (trust > bar)).sum() / answerable.sum()
        area, coverage = aurc(trust, right), coverage_at(0.8, trust, right)
        print(f"{name:29}  {area:.3f}  {coverage:15.1%}  {expected_calibration_error(trust, right):.3f}  {kept:19.1%}")


def _cross_validated(form: Form, observed: Observed) -> Table:
    trust = np.zeros(observed.right.size)
    for fitted, others in observed.folds():
        trust[others] = form(observed.table[fitted], observed.outcomes[fitted], observed.table[others])
    return trust


def _classifier(make: Callable[[], Any], *, outcomes: int, columns: list[int] | None = None) -> Form:
    """Return the form that a scikit-learn classifier is, told three outcomes apart or right from wrong alone."""

    def form(table: Table, found: Outcomes, others: Table) -> Table:
        chosen = slice(None) if columns is None else columns
        model = make().fit(table[:, chosen], found if outcomes == 3 else np.where(found == RIGHT, RIGHT, ""))
        shares: Table = model.predict_proba(others[:, chosen])[:, list(model.classes_).index(RIGHT)]
        return shares

    return form


def _isotonic(table: Table, found: Outcomes, others: Table) -> Table:
    model = IsotonicRegression(out_of_bounds="clip").fit(table[:, MARGIN], found == RIGHT)
    shares: Table = model.predict(others[:, MARGIN])
    return shares


def _logistic() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def _boosting() -> Any:
    return GradientBoostingClassifier(
        n_estimators=150, max_depth=3, learning_rate=0.06, subsample=0.7, min_samples_leaf=20, random_state=0
    )


FORMS: dict[str, Form] = {
    "margin, logistic": _classifier(_logistic, outcomes=2, columns=[MARGIN]),
    "margin, isotonic": _isotonic,
    "seven features, logistic": _classifier(_logistic, outcomes=2),
    "seven features, multinomial": _classifier(_logistic, outcomes=3),
    "seven features, boosted trees": _classifier(_boosting, outcomes=2),
}

if __name__ == "__main__":
    main()
