"""The wheel holds what the default path needs at run time, and no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NEEDED = (
    "qa/models/reader/model.int8.onnx",
    "qa/models/reader/model.safetensors",
    "qa/models/reader/tokenizer.json",
    "qa/models/reader/tokenizer_config.json",
    "qa/models/reader/config.json",
    "qa/models/reader/calibrator.json",
    "qa/samples/samples.json",
    "qa/samples/reward.txt",
    "index/minilm.onnx",
    "eval/report/templates/report.html",
    "ui/style.css",
    "eval/gold/reward.json",
    "qa/py.typed",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("qa", "index", "ui", "eval", "tests"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        target,
        source,
    ]
    subprocess.run([str(word) for word in command], check=True, timeout=300)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_is_complete_and_small_enough(wheel):
    assert wheel.stat().st_size <= 100 * 2**20
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert set(NEEDED) <= names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"qa", "index", "ui", "eval"}


def test_what_was_unpacked_from_the_wheel_answers(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)  # noqa: S202 - our own archive
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import qa; from qa.samples import samples;"
        "assert qa.__file__.startswith(sys.argv[1]);"
        "print(qa.ask(samples()[0].article.text, 'How much money was offered as a reward?').text)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        check=True,
    )
    assert "$50 million" in result.stdout
