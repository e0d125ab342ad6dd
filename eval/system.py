"""What is measured: the reader, its calibrator, the embedder, and the code around them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa import __version__
from qa.calibration import PLAIN_THRESHOLDS

if TYPE_CHECKING:
    from qa import Library

_ROOT = Path(__file__).parents[1]
_SOURCES = (_ROOT / "index", _ROOT / "qa", _ROOT / "eval" / "asking.py", _ROOT / "eval" / "outcome.py")
_PACKAGES = (
    *("onnxruntime", "tokenizers", "transformers", "torch", "sentence-transformers", "faiss-cpu", "bm25s", "numpy"),
    *("langchain-text-splitters", "sentencex"),
)


@dataclass(frozen=True, slots=True)
class System:
    """Everything that an answer depends on besides the article and the question.

    Attributes:
        reader: Its name.
        reader_fingerprint: Of its weights.
        calibrator: Hash of the calibrator; None without one.
        thresholds: The least confidence, or margin without a calibrator, at which each mode answers.
        embedder: Its name.
        embedder_fingerprint: Of its weights.
        version: Of article-qa.
        code: Hash of the modules that find, read and ask.
        packages: Versions of what they compute with.
    """

    reader: str
    reader_fingerprint: str
    calibrator: str | None
    thresholds: dict[str, float]
    embedder: str
    embedder_fingerprint: str
    version: str
    code: str
    packages: dict[str, str]

    @classmethod
    def of(cls, library: Library) -> System:
        """Describe what a library answers with; its models are loaded."""
        calibrator = library.calibrator
        return cls(
            reader=library.reader.name,
            reader_fingerprint=library.reader.fingerprint,
            calibrator=_digest(json.dumps(asdict(calibrator), sort_keys=True)) if calibrator else None,
            thresholds=dict(calibrator.thresholds if calibrator else PLAIN_THRESHOLDS),
            embedder=library.embedder.name,
            embedder_fingerprint=library.embedder.fingerprint,
            version=__version__,
            code=_digest("".join(_source(path) for path in _SOURCES)),
            packages={name: metadata.version(name) for name in _PACKAGES},
        )

    @property
    def measure(self) -> str:
        """What the thresholds are compared with: "confidence" or "margin"."""
        return "confidence" if self.calibrator else "margin"

    @property
    def key(self) -> str:
        """A hash of it all: outcomes under one key may be mixed, others not."""
        return _digest(json.dumps(asdict(self), sort_keys=True))

    def to_dict(self) -> dict[str, Any]:
        """Return the description as JSON-ready values."""
        return asdict(self) | {"measure": self.measure, "key": self.key}


def _source(path: Path) -> str:
    modules = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return "".join(module.read_text(encoding="utf-8") for module in modules)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
