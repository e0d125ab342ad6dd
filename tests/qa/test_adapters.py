"""Adapters: a few weights beside a model's own, from training to the reader that they make."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from train_toys import entry, killed, quick, run, same, titles, weights, write

from index.errors import ModelError, UsageError
from qa.adapters import load_adapter, new_adapter
from qa.backends import OnnxReader, TorchReader
from qa.calibration import CALIBRATOR_FILE, PLAIN_THRESHOLDS, Calibrator
from qa.export import export_reader
from qa.training import RunFolder, train
from qa.training.base import load_base
from qa.training.report import Report
from qa.windows import Context

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def encoder(tiny_checkpoint, tmp_path_factory):
    """A checkpoint without a span head."""
    from transformers import AutoModel, AutoTokenizer

    folder = tmp_path_factory.mktemp("encoder") / "plain"
    AutoModel.from_pretrained(tiny_checkpoint).save_pretrained(folder)
    AutoTokenizer.from_pretrained(tiny_checkpoint).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def adapted(encoder, questions, tmp_path_factory):
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "adapted")
    assert train(quick([questions], encoder, lora=4), folder)
    return folder


def base(checkpoint):
    return load_base(quick([], checkpoint))[0]


def test_only_the_adapter_above_the_frozen_layers_and_the_head_are_trained(tiny_checkpoint):
    model = new_adapter(base(tiny_checkpoint), 4, freeze=1)
    trained = [name for name, values in model.named_parameters() if values.requires_grad]
    assert {"lora" in name or "qa_outputs" in name for name in trained} == {True}
    assert any("layer.1." in name for name in trained)
    assert not any("layer.0." in name for name in trained)
    assert len([name for name in trained if "lora_A" in name]) == 6  # query, key, value, output and both of the MLP


def test_a_new_adapter_changes_nothing_yet(tiny_checkpoint):
    ids = torch.arange(5, 25).reshape(2, 10)
    plain = base(tiny_checkpoint).eval()
    before = plain(input_ids=ids).start_logits.detach()
    assert torch.equal(new_adapter(plain, 4).eval()(input_ids=ids).start_logits, before)


def test_the_loss_falls_and_the_weights_of_the_base_stay(encoder, questions, tmp_path, monkeypatch):
    losses = []
    monkeypatch.setattr(Report, "step", lambda self, number, loss, *rest: losses.append(loss))
    folder = RunFolder(tmp_path / "run")
    assert train(quick([questions], encoder, lora=4, freeze=1, steps=100), folder)
    assert np.mean(losses[-5:]) < 0.75 * np.mean(losses[:5])
    was, now = load_file(encoder / "model.safetensors"), weights(folder)
    kept = {name.removeprefix("bert."): values for name, values in now.items()}
    untouched = [name for name in was if name in kept and np.array_equal(was[name], kept[name])]
    changed = [name for name in was if name in kept and not np.array_equal(was[name], kept[name])]
    assert len(changed) == 6
    assert all("layer.1." in name for name in changed)
    assert any("embeddings" in name for name in untouched)


def test_the_adapter_is_small_and_names_its_base_without_its_place(adapted, encoder):
    assert sorted(path.name for path in adapted.adapter.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    config = json.loads((adapted.adapter / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == encoder.name


def test_base_and_adapter_make_the_reader_of_the_run(adapted, encoder, tmp_path):
    export_reader(encoder, tmp_path / "reader", quantize=False, adapter=adapted.adapter)
    whole = TorchReader(adapted.checkpoint)
    windows = whole.windows("who was the mayor?", [Context("In those days the mayor was Arl.", 0)])
    (expected, *_), (found, *_) = whole.logits(windows)[0], OnnxReader(tmp_path / "reader").logits(windows)[0]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_the_calibrator_of_an_adapter_belongs_to_every_reader_made_of_it(adapted, encoder, tmp_path):
    copy = shutil.copytree(adapted.adapter, tmp_path / "adapter", ignore=shutil.ignore_patterns(CALIBRATOR_FILE))
    outcomes = {"absent": 0.5, "right": -0.5}
    beside = Calibrator(
        "another file", {"margin": 1.0}, {"margin": 2.0}, {name: {"margin": 1.0} for name in outcomes}, outcomes,
        PLAIN_THRESHOLDS, {"questions": 7},
    )  # fmt: skip
    beside.save(copy)
    export_reader(encoder, tmp_path / "reader", quantize=False, adapter=copy)
    found = OnnxReader(tmp_path / "reader").fingerprint
    assert Calibrator.load(tmp_path / "reader", found) == replace(beside, fingerprint=found)
    export_reader(encoder, tmp_path / "mean", quantize=False, adapter=copy, others=[adapted.checkpoint])
    assert not (tmp_path / "mean" / CALIBRATOR_FILE).exists(), "nothing was fitted to a mean with other weights"


def test_a_broken_calibrator_beside_an_adapter_ends_the_export_before_it_writes(adapted, encoder, tmp_path):
    copy = shutil.copytree(adapted.adapter, tmp_path / "adapter")
    (copy / CALIBRATOR_FILE).write_text("{}")
    with pytest.raises(ModelError, match="is not a calibrator"):
        export_reader(encoder, tmp_path / "reader", quantize=False, adapter=copy)
    assert not (tmp_path / "reader").exists()


def test_a_run_leaves_the_calibrator_beside_the_adapter_too(encoder, tmp_path):
    entries = [entry(title) for title in titles(3)] + [
        entry(title, 14) for title in titles(3, kept_for_calibration=True)
    ]
    folder = RunFolder(tmp_path / "run")
    words = ["--base", encoder, "--out", folder.path, "--lora", 8, "--steps", 60, "--lr", 0.01, "--max-length", 320]
    words += ["--negatives", 0, "--swap", 0, "--no-quantize"]
    trained = run("train", write(tmp_path / "towns.json.gz", entries), *words)
    assert trained.returncode == 0, trained.stderr
    assert (folder.adapter / CALIBRATOR_FILE).read_bytes() == (folder.reader / CALIBRATOR_FILE).read_bytes()
    assert [path.name for path in folder.reader.glob("*.onnx")] == ["model.onnx"]


def test_an_export_says_where_the_reader_is_and_nothing_else(adapted, encoder, tmp_path):
    made = run("export", encoder, tmp_path / "reader", "--adapter", adapted.adapter, "--no-quantize")
    assert made.stdout.startswith(f"{tmp_path / 'reader' / 'model.onnx'} (")
    assert (made.returncode, made.stderr) == (0, "")


def test_without_the_adapter_an_encoder_is_no_reader(encoder, tmp_path):
    with pytest.raises(ModelError, match="no trained question-answering head"):
        export_reader(encoder, tmp_path / "reader")


def test_a_run_that_was_killed_comes_to_the_same_adapter(encoder, questions, adapted, tmp_path):
    folder = killed(questions, encoder, tmp_path / "killed", lora=4)
    assert not folder.checkpoint.exists()
    assert folder.state.is_file()
    assert train(quick([questions], encoder, lora=4), folder, resume=True)
    assert same(weights(folder), weights(adapted))


def test_training_goes_on_from_an_adapter(encoder, questions, adapted, tmp_path, monkeypatch):
    losses = []
    monkeypatch.setattr(Report, "step", lambda self, number, loss, *rest: losses.append(loss))
    assert train(quick([questions], encoder, adapter=str(adapted.adapter), steps=1), RunFolder(tmp_path / "more"))
    assert train(quick([questions], encoder, lora=4, steps=1), RunFolder(tmp_path / "anew"))
    assert losses[0] < losses[1]


def test_an_adapter_that_does_not_fit(tiny_checkpoint, adapted, tmp_path):
    with pytest.raises(UsageError, match="has 2 layers: --freeze 2 leaves none"):
        new_adapter(base(tiny_checkpoint), 4, freeze=2)
    with pytest.raises(ModelError, match="not the folder of an adapter: it has no adapter_config.json"):
        load_adapter(base(tiny_checkpoint), tmp_path)
    for file in adapted.adapter.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "adapter_model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="does not fit the model"):
        load_adapter(base(tiny_checkpoint), tmp_path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--adapter", "x", "--lora", 8], "x has its own rank and layers: leave out --lora and --freeze."),
        (["--freeze", 2], "--freeze says which layers get no adapter: give --lora as well."),
    ],
)
def test_options_that_contradict_each_other(questions, tmp_path, options, said):
    found = run("train", questions, "--out", tmp_path / "run", *options)
    assert (found.returncode, found.stderr) == (2, f"article-qa: {said}\n")
    assert not (tmp_path / "run").exists()
