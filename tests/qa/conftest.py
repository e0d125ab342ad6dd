"""What several modules of tests of the answers use."""

from __future__ import annotations

import pytest
from cli_toys import ToyCli
from train_toys import entry, titles, write


@pytest.fixture(scope="module")
def one_thread():
    """Threads that share so small a model mostly wait for each other."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")  # of the processes that tests start
        yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    return write(tmp_path_factory.mktemp("squad") / "towns.json.gz", [entry(title) for title in titles(4)])


@pytest.fixture
def cli(monkeypatch, capsys, tmp_path):
    """The command line over toy models, in a folder with a story."""
    return ToyCli(monkeypatch, capsys, tmp_path)
