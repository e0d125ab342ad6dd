"""Windows: a question and a stretch of an article as token ids, with a map back to the article."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_TOKENS = 320  # of a window: a chunk and a long question
MIN_CONTEXT_TOKENS = 32  # a question that leaves less room than this for the text cannot be answered from it


@dataclass(frozen=True, slots=True)
class Context:
    """A stretch of text for the reader and the offset of its first code point in the article."""

    text: str
    start: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One input of the reader, n tokens long.

    Attributes:
        context: Index of the context that it was cut from.
        inputs: Every tensor that the tokenizer made for the model, each int64 of shape (n,).
        offsets: Article offsets ``[start, end)`` of each token, int64 of shape (n, 2); meaningless outside the context.
        in_context: Which tokens belong to the context and cover at least one code point, bool of shape (n,).
        cls: Index of the token that stands for "no answer here".
    """

    context: int
    inputs: dict[str, NDArray[np.int64]]
    offsets: NDArray[np.int64]
    in_context: NDArray[np.bool_]
    cls: int

    def __len__(self) -> int:
        return len(self.in_context)


class Windower:
    """Cuts question and contexts into windows with a Hugging Face fast tokenizer.

    Args:
        tokenizer: A fast tokenizer (it must give offsets).
        token_types: Whether the model tells question from context by ``token_type_ids``.
        max_tokens: Longest window, question and special tokens included.
        stride: Tokens that two neighbouring windows of one context share.
    """

    def __init__(
        self,
        tokenizer: Any,
        *,
        token_types: bool,
        max_tokens: int = MAX_TOKENS,
        stride: int = 96,
    ) -> None:
        self.tokenizer = tokenizer
        self.token_types = token_types
        self.max_tokens = max_tokens
        self.stride = stride
        self._lock = threading.Lock()  # a fast tokenizer keeps its truncation as state and refuses a second thread

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens left out."""
        if not texts:
            return []
        with self._lock:
            encoded = self.tokenizer(
                list(texts), add_special_tokens=False, truncation=False, padding=False,
                return_attention_mask=False, return_token_type_ids=False, verbose=False,
            )  # fmt: skip
        return [len(ids) for ids in encoded["input_ids"]]

    def windows(self, question: str, contexts: Sequence[Context]) -> list[Window]:
        """Return the windows of all contexts, in order.

        Raises:
            UsageError: The question alone fills the window.
        """
        if not contexts:
            return []
        words = " ".join(question.split())  # some readers take leading spaces of a question for words
        asked = self.count_tokens([words])[0]
        room = self.max_tokens - self.tokenizer.num_special_tokens_to_add(pair=True) - asked
        if room < MIN_CONTEXT_TOKENS:
            most = self.max_tokens - self.tokenizer.num_special_tokens_to_add(pair=True) - MIN_CONTEXT_TOKENS
            raise UsageError(
                f"The question is too long: {asked} tokens where the reader takes {most}; ask it in fewer words."
            )
        with self._lock:
            encoded = self.tokenizer(
                [words] * len(contexts), [context.text for context in contexts],
                truncation="only_second", max_length=self.max_tokens, stride=min(self.stride, room // 2),
                padding=False, return_overflowing_tokens=True, return_offsets_mapping=True,
                return_token_type_ids=self.token_types,
            )  # fmt: skip
        return [self._window(encoded, row, contexts) for row in range(len(encoded["input_ids"]))]

    def _window(self, encoded: Any, row: int, contexts: Sequence[Context]) -> Window:
        ids = encoded["input_ids"][row]
        context = encoded["overflow_to_sample_mapping"][row]
        offsets = np.asarray(encoded["offset_mapping"][row], dtype=np.int64)  # (n, 2)
        second = np.array([part == 1 for part in encoded.sequence_ids(row)], dtype=np.bool_)  # (n,)
        bookkeeping = {"offset_mapping", "overflow_to_sample_mapping"}
        return Window(
            context=context,
            inputs={name: np.asarray(encoded[name][row]) for name in encoded if name not in bookkeeping},
            offsets=offsets + contexts[context].start,
            in_context=second & (offsets[:, 1] > offsets[:, 0]),
            cls=ids.index(self.tokenizer.cls_token_id) if self.tokenizer.cls_token_id in ids else 0,
        )


def stack(windows: Sequence[Window], pad_token_id: int) -> dict[str, NDArray[np.int64]]:
    """Pad windows to the longest and stack each tensor to shape (len(windows), longest)."""
    longest = max(map(len, windows))
    batch: dict[str, NDArray[np.int64]] = {}
    for name in windows[0].inputs:
        fill = pad_token_id if name == "input_ids" else 0
        batch[name] = np.full((len(windows), longest), fill, dtype=np.int64)
        for row, window in enumerate(windows):
            batch[name][row, : len(window)] = window.inputs[name]
    return batch
