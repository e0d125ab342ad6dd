"""Windows and the two readers, on a BERT of a few thousand weights that is made on the spot."""

from __future__ import annotations

import itertools
import json
import math
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import qa
from qa.backends import ONNX_FILE, OnnxReader, TorchReader, batches_by_length
from qa.calibration import Calibrator, Features
from qa.export import _agreement, export_reader
from qa.reader import DEFAULT_READER, load_reader
from qa.windows import Context


@pytest.fixture(scope="session")
def exported(tiny_checkpoint, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported")
    export_reader(tiny_checkpoint, folder, quantize=False)
    return folder


@pytest.fixture(scope="session")
def torch_reader(tiny_checkpoint):
    return TorchReader(tiny_checkpoint)


TEXTS = ["The mayor spoke.", "a b c " * 150, "é 😀 $50 million", "x"]


def contexts():
    return [Context(text, 1000 * at) for at, text in enumerate(TEXTS)]


def test_onnx_agrees_with_torch(exported, torch_reader):
    onnx = OnnxReader(exported)
    windows = torch_reader.windows("who spoke?", contexts())
    assert [len(w) for w in windows] == [len(w) for w in onnx.windows("who spoke?", contexts())]
    for ours, theirs in zip(onnx.logits(windows), torch_reader.logits(windows), strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-4)


def test_int8_stays_close_to_torch_and_fp16_weights_load(tiny_checkpoint, torch_reader, tmp_path):
    assert export_reader(tiny_checkpoint, tmp_path).name == ONNX_FILE
    windows = torch_reader.windows("who spoke?", contexts())
    exact = np.concatenate([start for start, _ in torch_reader.logits(windows)])
    int8 = np.concatenate([start for start, _ in OnnxReader(tmp_path).logits(windows)])
    half = np.concatenate([start for start, _ in TorchReader(tmp_path).logits(windows)])
    assert np.corrcoef(exact, int8)[0, 1] > 0.94
    assert not np.array_equal(exact, int8), "nothing was quantised"
    np.testing.assert_allclose(half, exact, atol=0.1)


def matrices(path):
    """The weights of an ONNX file with two dimensions."""
    import onnx

    weights = [onnx.numpy_helper.to_array(weight) for weight in onnx.load(path).graph.initializer]
    return [weight for weight in weights if weight.ndim == 2]


def test_int8_weights_have_room_for_sums_on_every_processor(tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.export._agreement", lambda *_: 1.0)
    products = [weight for weight in matrices(export_reader(tiny_checkpoint, tmp_path)) if max(weight.shape) <= 64]
    quantised = [weight for weight in products if weight.dtype == np.int8]
    assert {weight.shape for weight in quantised} >= {(32, 32), (32, 64), (64, 32)}
    assert max(abs(weight.astype(int)).max() for weight in quantised) <= 64


def test_matrices_that_make_vectors_shorter_stay_exact_where_int8_changes_too_much(
    tiny_checkpoint, tmp_path, monkeypatch
):
    correlations = iter([0.5, 0.99])
    monkeypatch.setattr("qa.export._agreement", lambda *_: next(correlations))
    exact = {
        weight.shape for weight in matrices(export_reader(tiny_checkpoint, tmp_path)) if weight.dtype == np.float32
    }
    assert (64, 32) in exact
    assert (32, 64) not in exact
    assert (32, 32) not in exact


def test_a_model_that_int8_ruins_is_not_exported_as_int8(tiny_checkpoint, tmp_path, monkeypatch):
    monkeypatch.setattr("qa.export._agreement", lambda *_: 0.3)
    with pytest.raises(qa.ModelError, match=r"says something else \(correlation 0.30\): give --no-quantize"):
        export_reader(tiny_checkpoint, tmp_path / "reader")
    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_leaves_the_reader_that_was_there(tiny_checkpoint, tmp_path, monkeypatch):
    export_reader(tiny_checkpoint, tmp_path / "reader")
    (tmp_path / "reader" / "calibrator.json").write_text("{}")
    before = {path: path.read_bytes() for path in (tmp_path / "reader").iterdir()}
    monkeypatch.setattr("qa.export._agreement", lambda *_: 0.3)
    with pytest.raises(qa.ModelError):
        export_reader(tiny_checkpoint, tmp_path / "reader")
    assert {path: path.read_bytes() for path in (tmp_path / "reader").iterdir()} == before
    assert list(tmp_path.iterdir()) == [tmp_path / "reader"]


def test_a_broken_checkpoint_is_one_line(tiny_checkpoint, tmp_path):
    shutil.copytree(tiny_checkpoint, tmp_path / "broken")
    (tmp_path / "broken" / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(qa.ModelError, match="cannot be read as a model") as caught:
        export_reader(tmp_path / "broken", tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_the_agreement_is_that_of_what_two_files_say(tiny_checkpoint, exported, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    int8 = export_reader(tiny_checkpoint, "here")
    assert _agreement(exported, exported / "model.onnx", exported / "model.onnx") == pytest.approx(1)
    assert 0.9 < _agreement(exported, exported / "model.onnx", int8) < 0.99999


def test_export_drops_a_calibrator_of_other_weights(tiny_checkpoint, tmp_path):
    (tmp_path / "calibrator.json").write_text("{}")
    export_reader(tiny_checkpoint, tmp_path)
    assert not (tmp_path / "calibrator.json").exists()


def test_token_types_reach_the_model(torch_reader):
    window = torch_reader.windows("who?", [Context("The mayor.")])[0]
    assert set(window.inputs) == {"input_ids", "token_type_ids", "attention_mask"}
    assert window.inputs["token_type_ids"][window.in_context].all()
    without = {**window.inputs, "token_type_ids": np.zeros_like(window.inputs["token_type_ids"])}
    changed = type(window)(0, without, window.offsets, window.in_context, 0)
    (start, _), (other, _) = torch_reader.logits([window, changed])
    assert not np.allclose(start, other)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(alphabet=st.sampled_from("ab .\u00a0\r\né😀e\u0301א$"), min_size=1, max_size=900),
    start=st.integers(0, 99),
)
def test_windows_map_back_to_the_article_and_cover_it(torch_reader, text, start):
    windows = torch_reader.windows("who spoke?", [Context(text, start)])
    covered = np.zeros(len(text), dtype=bool)
    for window in windows:
        for at in np.flatnonzero(window.in_context):
            a, b = window.offsets[at] - start
            assert 0 <= a < b <= len(text)
            covered[a:b] = True
        assert len(window) <= 320
    letters = [at for at, character in enumerate(text) if character in "ab$"]
    assert covered[letters].all()


def test_a_question_that_fills_the_window_is_refused(torch_reader):
    with pytest.raises(qa.UsageError, match="too long: 400 tokens"):
        torch_reader.windows("a " * 400, [Context("The mayor.")])


def test_a_long_question_still_leaves_overlapping_windows(torch_reader):
    text = "b " * 300
    windows = torch_reader.windows("a " * 250, [Context(text)])
    starts = [set(window.offsets[window.in_context, 0].tolist()) for window in windows]
    assert set().union(*starts) == {at for at, letter in enumerate(text) if letter == "b"}
    assert all(one & next_one for one, next_one in itertools.pairwise(starts)), "neighbours share words"


def test_export_refuses_to_overwrite_its_sources_and_other_models(tiny_checkpoint, tmp_path):
    for target, options in (
        (tiny_checkpoint, {}),
        (tmp_path / "mean", {"others": [tmp_path / "mean"]}),
        (tmp_path / "adapter", {"adapter": tmp_path / "adapter"}),
    ):
        with pytest.raises(qa.ModelError, match="is what the export is made of"):
            export_reader(tiny_checkpoint, target, **options)
    (tmp_path / "whisper.onnx").write_bytes(b"other")
    with pytest.raises(qa.ModelError, match=r"holds whisper\.onnx, which is no reader's"):
        export_reader(tiny_checkpoint, tmp_path)
    assert (tmp_path / "whisper.onnx").read_bytes() == b"other"


def test_export_refuses_models_without_a_head(tiny_checkpoint, tmp_path):
    from transformers import BertModel

    shutil.copytree(tiny_checkpoint, tmp_path / "headless")
    BertModel.from_pretrained(tiny_checkpoint).save_pretrained(tmp_path / "headless")
    with pytest.raises(qa.ModelError, match="no trained question-answering head"):
        export_reader(tmp_path / "headless", tmp_path / "out")


def test_an_export_replaces_what_lay_there(tiny_checkpoint, tmp_path):
    export_reader(tiny_checkpoint, tmp_path)
    export_reader(tiny_checkpoint, tmp_path, quantize=False)
    assert [path.name for path in tmp_path.glob("*.onnx")] == ["model.onnx"]


def test_no_context_no_windows(torch_reader):
    assert torch_reader.windows("who?", []) == []
    assert torch_reader.logits([]) == []


@given(st.lists(st.integers(1, 400), max_size=60))
def test_batches_hold_every_index_once_within_budget(lengths):
    batches = batches_by_length(lengths, 600)
    assert sorted(at for batch in batches for at in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or max(lengths[at] for at in batch) * len(batch) <= 600


def test_load_reader_chooses_by_what_the_folder_holds(tiny_checkpoint, exported, torch_reader):
    assert isinstance(load_reader(str(tiny_checkpoint)), TorchReader)
    assert isinstance(load_reader(exported), OnnxReader)
    assert load_reader(torch_reader) is torch_reader


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "model.onnx").write_bytes(b"no model"), "onnxruntime can run"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "The tokenizer in .* cannot be loaded"),
        (
            lambda folder: (folder / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "Nope"}}'),
            "tokenizer",
        ),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), "tokenizer"),
        (lambda folder: shutil.copy(folder / "model.onnx", folder / "other.onnx"), "holds 2 ONNX files"),
    ],
)
def test_damaged_readers_are_told_in_one_line(exported, tmp_path, damage, words):
    folder = tmp_path / "reader"
    shutil.copytree(exported, folder)
    damage(folder)
    with pytest.raises(qa.ModelError, match=words) as caught:
        load_reader(folder)
    assert "\n" not in str(caught.value)


def test_models_that_are_not_there_or_have_no_head(tmp_path, tiny_checkpoint):
    from transformers import BertModel

    with pytest.raises(qa.ModelError, match="neither a folder nor a downloaded model"):
        load_reader("nobody/has-this-model")
    shutil.copytree(tiny_checkpoint, tmp_path / "headless")
    BertModel.from_pretrained(tiny_checkpoint).save_pretrained(tmp_path / "headless")
    with pytest.raises(qa.ModelError, match="no trained question-answering head"):
        load_reader(tmp_path / "headless")


def test_a_calibrator_belongs_to_one_reader(tmp_path):
    names = ("margin", "score", "focus", "gap", "windows", "rank", "length")
    calibrator = Calibrator(
        "abc", dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0),
        {"absent": {"margin": -1.0}, "elsewhere": {"margin": 0.0}, "right": {"margin": 1.0}},
        {"absent": 0.0, "elsewhere": 0.0, "right": 0.0},
        {"strict": 0.8, "balanced": 0.5, "eager": 0.2}, {},
    )  # fmt: skip
    calibrator.save(tmp_path)
    assert Calibrator.load(tmp_path, "abc") == calibrator
    assert Calibrator.load(tmp_path, "other") is None
    assert Calibrator.load(None, "abc") is None
    confidences = [calibrator.confidence(Features(margin, 0, 0, 0, 0, 0, 0)) for margin in (-1e6, -2, 0, 2, 1e6)]
    assert confidences == sorted(confidences)
    assert confidences[2] == pytest.approx(1 / 3)
    assert confidences[3] == pytest.approx(math.exp(2) / (math.exp(2) + 1 + math.exp(-2)))
    stored = json.loads((tmp_path / "calibrator.json").read_text())
    moody = {**stored["weights"], "right": {"mood": 1.0}}
    for broken in (
        [], {**stored, "weights": moody}, {**stored, "weights": {"wrong": {}}}, {**stored, "bias": 0.5},
        {**stored, "thresholds": {"strict": 1.0}}, {**stored, "mean": {}}, {**stored, "scale": {}},
        {**stored, "mean": {**stored["mean"], "mood": 0.0}}, {**stored, "scale": {**stored["scale"], "gap": 0.0}},
        {**stored, "mean": None}, {**stored, "scale": list(names)},
    ):  # fmt: skip
        (tmp_path / "calibrator.json").write_text(json.dumps(broken))
        with pytest.raises(qa.ModelError, match="not a calibrator"):
            Calibrator.load(tmp_path, "abc")


def test_the_bundled_onnx_reader_agrees_with_its_torch_weights():
    onnx, torch = OnnxReader(DEFAULT_READER), TorchReader(DEFAULT_READER)
    windows = onnx.windows(
        "Who offered the reward?", [Context("The bridge fell. On Tuesday Russian officials offered a reward.")]
    )
    for (start, end), (exact_start, exact_end) in zip(onnx.logits(windows), torch.logits(windows), strict=True):
        assert np.corrcoef(start, exact_start)[0, 1] > 0.99
        assert (start.argmax(), end.argmax()) == (exact_start.argmax(), exact_end.argmax())
