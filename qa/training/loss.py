"""How far a reader's logits are from what it should say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    Pair = tuple[torch.Tensor, torch.Tensor]  # for the first and for the last token, each (windows, longest)

TEMPERATURE = 2.0  # at which a teacher's logits are learned: its second thoughts count as well
TEACHER_SHARE = 0.5  # of the loss; the rest is of the gold answers
HIDDEN = -1e4  # added to the logits of padding


def span_loss(logits: Pair, targets: Pair, mask: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of soft targets, the mean over windows and over both ends."""
    return _cross_entropy(logits, targets, mask, 1.0)


def distillation_loss(logits: Pair, targets: Pair, teacher: Pair, mask: torch.Tensor) -> torch.Tensor:
    """Return the mixture of the loss on gold and on a teacher's shares at ``TEMPERATURE`` (Hinton et al. 2015)."""
    # the factor makes up for gradients that the temperature makes smaller by its square
    learned = TEMPERATURE**2 * _cross_entropy(logits, teacher, mask, TEMPERATURE)
    return (1 - TEACHER_SHARE) * span_loss(logits, targets, mask) + TEACHER_SHARE * learned


def _cross_entropy(logits: Pair, targets: Pair, mask: torch.Tensor, temperature: float) -> torch.Tensor:
    import torch

    hidden = (1 - mask) * HIDDEN
    logs = [torch.log_softmax((logit.float() + hidden) / temperature, -1) for logit in logits]
    return torch.stack([-(target * log).sum(-1) for target, log in zip(targets, logs, strict=True)]).mean()
