"""What several modules of tests open."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from toys import HashEmbedder, toy_splitter

from index.collection import Collection
from index.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with closing(Storage.open(tmp_path / "library")) as opened:
        yield opened


@pytest.fixture(params=["memory", "folder"])
def collection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Collection]:
    storage = Storage.open(tmp_path) if request.param == "folder" else None
    with closing(Collection(HashEmbedder(), toy_splitter(), storage)) as made:
        yield made
