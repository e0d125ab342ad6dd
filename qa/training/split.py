"""Which articles are kept from training, so that confidence can be fitted to what the reader has not seen."""

from __future__ import annotations

import hashlib


def held_out(title: str) -> bool:
    """Return whether an article is kept from training for calibration: one title in sixteen, by its hash."""
    return int(hashlib.sha256(title.encode()).hexdigest(), 16) % 16 == 0
