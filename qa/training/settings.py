"""What defines a training run: the same settings and files give the same reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do; all of it is kept in the run's folder and must be the same to resume it.

    Without ``steps`` and ``minutes`` a run is one pass over the examples; of two limits the first ends it.

    Attributes:
        files: SQuAD-v2 files.
        base: Folder or name of the checkpoint to start from.
        steps, minutes: How long the run is.
        learning_rate: Its constant part.
        warmup: Steps until it is reached, at most the first tenth of the run.
        decay: The last part of the run, as a share of it, over which it falls to zero.
        tokens: Of one batch, padding included.
        max_length: Of a window, in tokens.
        negatives: Share of questions that are also asked of a paragraph of the same title without the answer.
        join: Share of paragraphs that are read together with a neighbour.
        dropout: Share of the hidden values that are left out at random in each step.
        swap: Share of questions that are also asked with another name or number, which the text does not answer.
        bf16: Whether to compute in bfloat16; None leaves that to what the processor has instructions for.
        crop: About how many tokens of a paragraph are kept around its answer; 0 keeps all.
        teacher: Folder or name of a reader whose logits are learned as well.
        lora: Rank of an adapter that is trained instead of the model's own weights; 0 trains those.
        freeze: Number of the lowest layers that get no adapter.
        adapter: Folder of an adapter to go on with; it has its own rank and layers.
        seed: Of every choice.
        evaluate: SQuAD file whose texts are left out of the examples, for the reader is scored on it.
        quantize: Whether the weights of the reader are stored as int8.
    """

    files: tuple[str, ...]
    base: str
    steps: int | None = None
    minutes: float | None = None
    learning_rate: float = 1e-4
    warmup: int = 300
    decay: float = 0.2
    tokens: int = 4500
    max_length: int = 384
    negatives: float = 0.1
    join: float = 0.3
    swap: float = 0.06
    dropout: float = 0.1
    bf16: bool | None = None
    crop: int = 0
    teacher: str | None = None
    lora: int = 0
    freeze: int = 0
    adapter: str | None = None
    seed: int = 0
    evaluate: str | None = None
    quantize: bool = True
