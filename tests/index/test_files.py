"""Files that appear whole or not at all."""

from __future__ import annotations

import pytest

from index.files import replace_file, replace_text


def test_a_file_is_replaced(tmp_path):
    target = tmp_path / "story.txt"
    replace_text(target, "old\n")
    replace_text(target, "né 😀\n")
    assert target.read_bytes() == "né 😀\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_what_was_there_stays_where_writing_fails(tmp_path):
    target = tmp_path / "story.txt"
    replace_text(target, "old")

    def fail(scratch):
        scratch.write_text("ne")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        replace_file(target, fail)
    assert target.read_text() == "old"
