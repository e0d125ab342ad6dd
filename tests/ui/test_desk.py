"""The files that the app opens for everybody."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from serving import running
from ui_toys import NoEmbedder, WordReader

from qa import InputError
from ui.desk import Desk


@pytest.fixture
def opened() -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def open_desk(*files: Path) -> Desk:
            desk = Desk(files, reader=WordReader(), embedder=NoEmbedder())
            stack.callback(desk.close)
            return desk

        yield open_desk


def test_files_that_cannot_be_read_are_named_and_do_not_stop_the_others(
    opened: Callable[..., Desk], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story, empty = tmp_path / "ferry.txt", tmp_path / "empty.txt"
    story.write_text("The ferry left Gotland at noon.")
    empty.touch()
    assert opened(empty, story).first.title == "Ferry"
    assert capsys.readouterr().err == f"article-qa: {empty} is empty (0 bytes).\n"
    with pytest.raises(InputError, match=r"empty\.txt is empty"):
        opened(empty)


def test_the_app_opens_with_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    story = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))
    try:
        story.write_text("The ferry left Gotland at noon.")
    except OSError:
        pytest.skip("this file system takes only text")
    with running(Desk([story], reader=WordReader(), embedder=NoEmbedder())) as address:
        assert httpx.get(f"{address}/config").status_code == 200
