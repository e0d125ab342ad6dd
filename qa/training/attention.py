"""Attention that is fast to train on a processor.

torch's own is made for long inputs: on windows of a few hundred tokens, two plain batched products each way take less
time, most of all backwards. All probabilities are kept for the way back, which short windows can afford.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

NAME = "article_qa_matmul"  # under which transformers finds it


def use_fast_attention(model: Any) -> bool:
    """Switch a model to this attention where its architecture lets one; return whether it does.

    Models whose queries share keys keep theirs.
    """
    if not getattr(model, "_supports_attention_backend", False):
        return False
    heads = getattr(model.config, "num_attention_heads", None)
    if getattr(model.config, "num_key_value_heads", heads) != heads:
        return False
    _register()
    model.set_attn_implementation(NAME)
    return True


@cache
def _register() -> None:
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import eager_mask

    AttentionInterface.register(NAME, _attention)
    AttentionMaskInterface.register(NAME, eager_mask)  # zeros, and the lowest number where nothing is to be seen


def _attention(
    module: Any,  # noqa: ARG001 - the signature that transformers calls
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Return softmax(Q K^T scaling + mask) V of (batch, heads, n, d) tensors as (batch, n, heads, d)."""
    mask = None if attention_mask is None else attention_mask.to(query.dtype)
    scale = query.size(-1) ** -0.5 if scaling is None else scaling
    output = _function().apply(query.contiguous(), key.contiguous(), value.contiguous(), mask, scale)
    return output.transpose(1, 2).contiguous(), None


@cache
def _function() -> Any:
    import torch

    class Attention(torch.autograd.Function):
        @staticmethod
        def forward(
            ctx: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: torch.Tensor, scale: float
        ) -> torch.Tensor:
            scores = torch.matmul(query, key.transpose(-1, -2)).mul_(scale)  # (batch, heads, n, n)
            if mask is not None:
                scores.add_(mask)
            shares = torch.softmax(scores, -1)
            ctx.save_for_backward(query, key, value, shares)
            ctx.scale = scale
            return torch.matmul(shares, value)

        @staticmethod
        def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
            (output,) = gradients
            query, key, value, shares = ctx.saved_tensors
            by_value = torch.matmul(shares.transpose(-1, -2), output)
            by_shares = torch.matmul(output, value.transpose(-1, -2))
            by_scores = torch._softmax_backward_data(by_shares, shares, -1, shares.dtype).mul_(ctx.scale)
            return torch.matmul(by_scores, key), torch.matmul(by_scores.transpose(-1, -2), query), by_value, None, None

    return Attention
