"""The front door: paths, sizes, suffixes and content that contradicts them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import documents as make
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import InputError
from index.loaders import MAX_FILE_BYTES, SUFFIXES, load_bytes, load_file

PDF = make.pdf_lines(["The council voted on Tuesday."])
DOCX = make.docx(lambda document: document.add_paragraph("The council voted on Tuesday."))
EPUB = make.epub([("One", "<p>The council voted on Tuesday.</p>")], title="A Book")
HTML = b"<!DOCTYPE html><html><body><p>The council voted on Tuesday.</p></body></html>"


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(InputError) as caught:
        load_bytes(data, name)
    message = str(caught.value)
    assert message.startswith(Path(name).name)
    assert "\n" not in message
    return message


def test_a_file_is_loaded_with_its_path_as_source(tmp_path: Path) -> None:
    path = tmp_path / "a_story.txt"
    path.write_bytes(b"The council voted.")
    article = load_file(path)
    assert (article.text, article.title, article.source) == ("The council voted.", "A story", str(path))
    assert load_file(str(path)) == article
    assert load_bytes(b"The council voted.", "a_story.txt").source == "a_story.txt"


def test_supported_suffixes() -> None:
    expected = {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".epub"}
    assert expected == SUFFIXES


def test_unreadable_paths_are_one_line_errors(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "blank.txt").write_text(" \n\t\n")
    os.mkfifo(tmp_path / "pipe.txt")
    for name, why in {
        "missing.txt": "does not exist",
        "empty.txt": r"is empty \(0 bytes\)",
        "blank.txt": "has no text",
        "pipe.txt": "is a device or a pipe",
        "nul\0byte.txt": "cannot be read",
        "x" * 300: "cannot be read",
    }.items():
        with pytest.raises(InputError, match=why) as caught:
            load_file(tmp_path / name)
        assert str(caught.value).startswith(f"{tmp_path}/{name} ".replace("\0", " "))
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="is a folder") as caught:
        load_file(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path} ")


def test_a_file_name_that_is_no_text_becomes_a_source_that_is(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")
    with pytest.raises(InputError) as caught:
        load_file(path)
    assert str(caught.value).startswith(f"{tmp_path}/caf�.txt does not exist")
    try:
        Path(path).write_text("The council voted.")
    except OSError:
        pytest.skip("this file system takes only text")
    article = load_file(path)
    assert (article.source, article.title) == (f"{tmp_path}/caf�.txt", "Caf�")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.txt"
    path.write_text("The council voted.")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)  # root, as in containers, may read whatever chmod says
    with pytest.raises(InputError, match=r"/locked\.txt may not be read"):
        load_file(path)


def test_limits_of_size_and_length(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The council voted.")
    with pytest.raises(InputError, match=r"/a\.txt has .* MiB; at most"):
        load_file(path, max_bytes=10)
    with pytest.raises(InputError, match=r"^a\.txt has .* MiB; at most 50\.0 MiB"):
        load_bytes(b"a" * (MAX_FILE_BYTES + 1), "a.txt")
    with pytest.raises(InputError, match=r"/a\.txt has 18 characters; at most 17"):
        load_file(path, max_chars=17)
    assert load_file(path, max_bytes=18, max_chars=18).text == "The council voted."


@pytest.mark.parametrize("data", [PDF, DOCX, EPUB, HTML], ids=["pdf", "docx", "epub", "html"])
@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.docx", "a.epub", "a.html", "a.md", "a", "a.xyz"])
def test_content_goes_before_the_name(data: bytes, name: str) -> None:
    article = load_bytes(data, name)
    assert "The council voted on Tuesday." in article.text
    assert "%PDF" not in article.text
    assert "<p>" not in article.text


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.epub"])
def test_text_under_a_document_name_is_refused_with_advice(name: str) -> None:
    assert "it looks like plain text; rename it to .txt" in refusal(b"The council voted.", name)
    assert "a PNG picture" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(99), name)
    assert "binary data" in refusal(b"\0\1\2\3" * 99 + b"\0", name)


def test_unknown_suffixes() -> None:
    message = refusal(b"The council voted.", "a.log")
    assert "unsupported suffix '.log': it looks like plain text; rename it to .txt." in message
    assert all(suffix in message for suffix in SUFFIXES)
    assert "'.2024': it looks like plain text" in refusal(b"The council voted.", "Minutes 12.3.2024")
    assert "'.bin': it looks like binary data" in refusal(bytes(range(1, 32)) * 9, "a.bin")
    assert load_bytes(b"The council voted.", "README").text == "The council voted."
    assert "a PNG picture" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(99), "a.png")
    assert "a PNG picture" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(99), "picture")


def test_suffixes_are_read_in_any_case_and_paths_of_any_system() -> None:
    assert load_bytes(b"# Head\n\ntext", "A.MD").title == "Head"
    assert load_bytes(b"The council voted.", "C:\\news\\my story.TXT").title == "My story"


def test_names_cannot_break_the_line_of_an_error() -> None:
    with pytest.raises(InputError) as caught:
        load_bytes(b"", "a\nb\x1b[31m.txt")
    assert str(caught.value) == "a b [31m.txt is empty (0 bytes)."


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ({"xl/workbook.xml": b"<x/>"}, "an Excel workbook"),
        ({"ppt/presentation.xml": b"<x/>"}, "a PowerPoint presentation"),
        ({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}, "an OpenDocument file"),
        ({"readme.txt": b"hi"}, "a ZIP archive"),
    ],
)
def test_other_archives_are_named(members: dict[str, bytes], what: str) -> None:
    for name in ("a.docx", "a.txt", "a.zip", "a"):
        assert what in refusal(make.zipped(members), name)


def test_a_missing_package_is_not_called_a_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    assert "needs a package that is not installed" in refusal(PDF, "a.pdf")


@pytest.mark.parametrize("data", [PDF, DOCX, EPUB], ids=["pdf", "docx", "epub"])
@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_give_an_article_or_a_one_line_error(data: bytes, seed: random.Random) -> None:
    damaged = bytearray(data[: seed.randrange(1, len(data) + 1)])
    for _ in range(seed.randrange(20)):
        damaged[seed.randrange(len(damaged))] = seed.randrange(256)
    try:
        assert load_bytes(bytes(damaged), "damaged.pdf").text
    except InputError as error:
        assert str(error).startswith("damaged.pdf ")
        assert "\n" not in str(error)


def test_odd_input_does_not_take_long() -> None:
    comments = b"<!---->" * 500 + b"text"
    spaces = b"<!doctype html><p>a" + b"<i> </i>" * 30_000 + b"b</p>"
    started = time.perf_counter()
    load_bytes(comments, "a.txt")
    load_bytes(b"word" + b" " * 300_000 + b"word", "a.md")
    load_bytes(make.epub([("One", spaces.decode())]), "a.epub")
    load_bytes(b"---\ntitle: a" + b" " * 300_000 + b"#\n---\ntext", "a.md")
    assert time.perf_counter() - started < 5


def test_importing_the_loaders_imports_no_parser() -> None:
    heavy = ["trafilatura", "pypdfium2", "docx", "ebooklib", "charset_normalizer", "markdown_it", "lxml", "yaml"]
    code = f"import index.loaders, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
