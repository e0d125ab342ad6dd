"""The mean of several readers' weights."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from transformers import AutoModelForQuestionAnswering

from index.errors import ModelError
from qa.export import export_reader


@pytest.fixture
def other(tiny_checkpoint, tmp_path):
    """The tiny checkpoint with other weights."""
    folder = tmp_path / "other"
    shutil.copytree(tiny_checkpoint, folder)
    weights = load_file(folder / "model.safetensors")
    rng = np.random.default_rng(0)
    moved = {name: values + rng.normal(size=values.shape).astype(values.dtype) for name, values in weights.items()}
    save_file(moved, folder / "model.safetensors", {"format": "pt"})
    return folder


def test_an_export_is_the_mean_of_all(tiny_checkpoint, other, tmp_path):
    export_reader(tiny_checkpoint, tmp_path / "mean", quantize=False, others=[other, other])
    found = load_file(tmp_path / "mean" / "model.safetensors")  # half precision
    one, two = (load_file(folder / "model.safetensors") for folder in (tiny_checkpoint, other))
    assert found.keys() == one.keys()
    for name, values in found.items():
        np.testing.assert_allclose(values, (one[name] + 2 * two[name]) / 3, atol=5e-3)
    assert not np.allclose(one["qa_outputs.weight"], two["qa_outputs.weight"], atol=5e-3)


def test_other_layers_are_refused(tiny_checkpoint, tmp_path):
    model = AutoModelForQuestionAnswering.from_pretrained(tiny_checkpoint, dtype=torch.float32)
    shutil.copytree(tiny_checkpoint, tmp_path / "short")
    model.bert.encoder.layer = model.bert.encoder.layer[:1]
    model.config.num_hidden_layers = 1
    model.save_pretrained(tmp_path / "short")
    with pytest.raises(ModelError, match="short cannot be averaged: its layers or its vocabulary are not the same"):
        export_reader(tiny_checkpoint, tmp_path / "mean", others=[tmp_path / "short"])
    assert not (tmp_path / "mean").exists()


def test_another_vocabulary_is_refused(tiny_checkpoint, other, tmp_path):
    file = other / "tokenizer.json"
    record = json.loads(file.read_text())
    words = record["model"]["vocab"]
    words["a"], words["b"] = words["b"], words["a"]
    file.write_text(json.dumps(record))
    with pytest.raises(ModelError, match="other cannot be averaged"):
        export_reader(tiny_checkpoint, tmp_path / "mean", others=[other])


def test_a_folder_without_a_model_is_refused(tiny_checkpoint, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="empty holds no model like the other"):
        export_reader(tiny_checkpoint, tmp_path / "mean", others=[tmp_path / "empty"])
