import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from index.vectors import FaissStore


def unit_rows(rng: np.random.Generator, count: int, dimension: int = 8) -> np.ndarray:
    rows = rng.standard_normal((count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(1, 70), st.data())
def test_search_equals_brute_force(seed: int, count: int, k: int, data: st.DataObject):
    rng = np.random.default_rng(seed)
    rows = dict(zip(rng.permutation(10 * count)[:count].tolist(), unit_rows(rng, count), strict=True))
    store = FaissStore()
    ids = np.array(list(rows), np.int64)
    for part in np.array_split(ids, 3):
        store.add(part, np.array([rows[i] for i in part.tolist()], np.float32).reshape(len(part), 8))
    removed = data.draw(st.sets(st.sampled_from(sorted(rows)))) if rows else set()
    store.remove(np.array([*removed, 10**12], np.int64))
    kept = [i for i in rows if i not in removed]
    assert len(store) == len(kept)

    queries = unit_rows(rng, 2)
    choices = [None, data.draw(st.sets(st.sampled_from(sorted(rows)))) if rows else set()]
    for allowed in choices:
        candidates = [i for i in kept if allowed is None or i in allowed]
        found = store.search(queries, k, None if allowed is None else np.array(sorted(allowed), np.int64))
        assert len(found) == 2
        for query, hits in zip(queries, found, strict=True):
            expected = sorted(((float(rows[i] @ query), i) for i in candidates), reverse=True)[:k]
            assert [hit.id for hit in hits] == [i for _, i in expected]
            np.testing.assert_allclose([hit.score for hit in hits], [s for s, _ in expected], atol=1e-5)


def test_an_id_can_be_used_again_after_removal():
    store = FaissStore()
    first, second = np.eye(2, dtype=np.float32)
    store.add(np.array([5]), first[None])
    store.remove(np.array([5]))
    store.add(np.array([5]), second[None])
    assert [(h.id, h.score) for h in store.search(second[None], 3)[0]] == [(5, 1.0)]
