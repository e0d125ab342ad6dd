"""Vector stores: the nearest vectors by inner product."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedder import Vectors

Ids = NDArray[np.int64]


class Hit(NamedTuple):
    """One result of a search: an id and its score, higher being better."""

    id: int
    score: float


class VectorStore(Protocol):
    """What keeps vectors by id and finds the nearest.

    An implementer keeps float32 rows under int64 ids that the caller chooses. ``add`` gets ids that are not
    in the store. ``remove`` ignores ids that are not. ``search`` returns for each query row at most ``k``
    hits, best inner product first, no id twice; with ``allowed`` only ids among those, and then still ``k``
    if so many are there: filtering after the search is not enough. An empty store returns no hits.
    """

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Store one row for each id."""
        ...

    def remove(self, ids: Ids) -> None:
        """Forget the rows of these ids."""
        ...

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> list[list[Hit]]:
        """Return the nearest ids for each row."""
        ...

    def __len__(self) -> int: ...


class FaissStore:
    """An exact store in memory, on a flat FAISS index."""

    def __init__(self) -> None:
        self._index: Any = None  # made with the first rows, which say the dimension

    def __len__(self) -> int:
        return 0 if self._index is None else int(self._index.ntotal)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Store one row for each id."""
        import faiss

        if len(ids) == 0:
            return
        if self._index is None:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(ids, np.int64))

    def remove(self, ids: Ids) -> None:
        """Forget the rows of these ids."""
        if self._index is not None and len(ids):
            self._index.remove_ids(np.asarray(ids, np.int64))

    def search(self, vectors: Vectors, k: int, allowed: Ids | None = None) -> list[list[Hit]]:
        """Return the nearest ids for each row."""
        import faiss

        k = min(k, len(self) if allowed is None else len(allowed))
        if self._index is None or k < 1:
            return [[] for _ in vectors]
        options = {}
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, np.int64))
            options["params"] = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, ids = self._index.search(np.ascontiguousarray(vectors, np.float32), k, **options)
        return [
            [Hit(int(i), float(s)) for i, s in zip(row_ids, row_scores, strict=True) if i >= 0]
            for row_ids, row_scores in zip(ids, scores, strict=True)
        ]
