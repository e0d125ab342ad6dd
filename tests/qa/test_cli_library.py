"""``article-qa index``, ``list``, ``remove``, ``serve``, ``export`` with toy models."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import qa


def ids(cli):
    return [line.split("\t")[0] for line in cli("list", "lib").out.splitlines()]


def test_index_twice_changes_nothing(cli):
    first = cli("index", "lib", "story.txt", "other.txt")
    assert (first.code, first.err) == (0, "")
    assert first.out == (
        "added      story.txt: Story\nadded      other.txt: Other\n2 added, 0 already there. lib has 2 articles.\n"
    )
    before = ids(cli)
    again = cli("index", "lib", "story.txt")
    assert (again.code, again.err) == (0, "")
    assert again.out == "unchanged  story.txt: already there\n0 added, 1 already there. lib has 2 articles.\n"
    assert ids(cli) == before


def test_unreadable_files_do_not_stop_the_others(cli):
    (cli.folder / "empty.txt").write_bytes(b"")
    (cli.folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    result = cli("index", "lib", "missing.md", "empty.txt", "story.txt", "broken.pdf")
    assert result.code == 3
    assert result.out == "added      story.txt: Story\n1 added, 0 already there, 3 unreadable. lib has 1 article.\n"
    errors = result.err.splitlines()
    assert [line.split()[1] for line in errors] == ["missing.md", "empty.txt", "broken.pdf"]
    assert all(line.startswith("article-qa: ") for line in errors)


def test_nothing_readable_makes_no_library(cli):
    assert cli("index", "lib", "missing.md").code == 3
    assert not (cli.folder / "lib").exists()


def test_nothing_readable_in_the_first_batch(cli):
    for number in range(20):
        (cli.folder / f"{number:02}.pdf").write_bytes(b"%PDF-1.7\n")
    names = [f"{number:02}.pdf" for number in range(20)]
    result = cli("index", "lib", *names)
    assert (result.code, result.out, result.err.count("\n")) == (3, "", 20)
    assert not (cli.folder / "lib").exists()
    result = cli("index", "lib", *names, "story.txt")
    assert result.code == 3 and "1 added, 0 already there, 20 unreadable. lib has 1 article.\n" in result.out


def test_folders_are_walked(cli):
    news = cli.folder / "news"
    (news / "2025").mkdir(parents=True)
    (news / ".hidden").mkdir()
    for name in ("b.md", "2025/a.txt", ".hidden/c.txt", ".d.txt", "e.jpg"):
        (news / name).write_text(f"The text of {name}.")
    result = cli("index", "lib", "news")
    assert [line.split()[1] for line in result.out.splitlines()[:-1]] == ["news/b.md:", "news/2025/a.txt:"]
    assert cli("index", "lib", "news/.hidden").code == 0
    assert cli("index", "lib", "news/2025", stdin=b"x").code == 0


def test_the_same_text_under_two_names_is_one_article(cli):
    (cli.folder / "copy.txt").write_text((cli.folder / "story.txt").read_text())
    result = cli("index", "lib", "story.txt", "copy.txt", "story.txt")
    assert "unchanged  copy.txt" in result.out and "1 added, 2 already there. lib has 1 article." in result.out


def test_many_files(cli):
    for number in range(40):
        (cli.folder / f"{number:02}.txt").write_text(f"Text number {number}.")
    names = [f"{number:02}.txt" for number in range(40)]
    result = cli("index", "lib", *names)
    assert "40 added, 0 already there. lib has 40 articles." in result.out
    assert [line.split()[1] for line in result.out.splitlines()[:-1]] == [f"{name}:" for name in names]


def test_ask_a_library(cli):
    cli("index", "lib", "story.txt", "other.txt")
    assert "Other, line 2" in cli("ask", "--library", "lib", "What is the cost of the bridge?").out
    assert cli("ask", "--library", "lib", "Was there any rain?").out.startswith("The articles do not say.")
    assert "No question" in cli("ask", "--library", "lib").err


def test_ask_adds_files_to_the_library(cli):
    cli("index", "lib", "story.txt")
    assert cli("ask", "--library", "lib", "other.txt", "What did it cost, the bridge?").code == 0
    assert len(ids(cli)) == 2


def test_list(cli):
    cli("index", "lib", "story.txt", "other.txt")
    rows = [line.split("\t") for line in cli("list", "lib").out.splitlines()]
    assert [row[1:] for row in rows] == [["Story", "", "story.txt"], ["Other", "", "other.txt"]]
    records = [json.loads(line) for line in cli("list", "lib", "--json").out.splitlines()]
    assert [record["id"] for record in records] == [row[0] for row in rows]
    assert records[0]["characters"] == len((cli.folder / "story.txt").read_text())
    assert "text" not in records[0]


def test_an_empty_library(cli):
    cli("index", "lib", "story.txt")
    cli("remove", "lib", "Story")
    result = cli("list", "lib")
    assert (result.code, result.out, result.err) == (0, "", "lib has no articles.\n")
    result = cli("ask", "--library", "lib", "Who is the mayor?")
    assert result.code == 2 and "is empty" in result.err


def test_remove_by_prefix_and_title(cli):
    cli("index", "lib", "story.txt", "other.txt")
    story = ids(cli)[0]
    result = cli("remove", "lib", story[:4])
    assert (result.code, result.out) == (0, f"removed    {story} Story\nlib has 1 article.\n")
    assert cli("remove", "lib", "Other").code == 0
    assert ids(cli) == []


def test_remove_is_all_or_nothing(cli):
    cli("index", "lib", "story.txt", "other.txt")
    for name in ("Nothing", "", "zz"):
        result = cli("remove", "lib", "Story", name)
        assert (result.code, result.out) == (2, "")
        assert "There is no article" in result.err
    assert len(ids(cli)) == 2


def test_remove_takes_no_number_or_word_for_the_beginning_of_an_id(cli):
    cli("index", "lib", "story.txt")
    story = ids(cli)[0]
    for name in (story[:1], story[:3], story[:12].upper()):
        result = cli("remove", "lib", name)
        assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
        assert "at least 4 digits of the id" in result.err
    assert ids(cli) == [story] != [story.upper()]


def test_remove_refuses_what_is_ambiguous(cli):
    with qa.Library("lib") as library:
        library.add("One text.", title="Twin")
        library.add("Another text.", title="Twin")
    result = cli("remove", "lib", "Twin")
    assert result.code == 2 and "fits 2 articles" in result.err
    first, second = ids(cli)
    assert cli("remove", "lib", first, first[:9], second).code == 0
    assert ids(cli) == []


@pytest.mark.parametrize("command", [("list", "lib"), ("remove", "lib", "x"), ("ask", "--library", "lib", "Who?")])
def test_folders_that_are_no_library(cli, command):
    result = cli(*command)
    assert result.code == 3 and "There is no library in lib" in result.err
    (cli.folder / "lib").mkdir()
    assert cli(*command).code == 3
    assert list((cli.folder / "lib").iterdir()) == [], "looking makes nothing"


@pytest.mark.parametrize("command", [("list", "lib"), ("index", "lib", "story.txt"), ("ask", "--library", "lib", "W?")])
def test_corrupt_library(cli, command):
    cli("index", "lib", "story.txt")
    for file in (path for path in (cli.folder / "lib").rglob("*") if path.is_file()):
        file.write_bytes(b"no such thing" * 100)
    result = cli(*command)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("article-qa: ") and result.err.count("\n") == 1


def commands_on(library):
    return (
        ("list", library),
        ("remove", library, "x"),
        ("index", library, "other.txt"),
        ("ask", "--library", library, "W?"),
        ("ask", "--library", library, "other.txt", "W?"),
    )


@pytest.mark.parametrize("at", range(5))
def test_library_that_is_a_file(cli, at):
    result = cli(*commands_on("story.txt")[at])
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("article-qa: ") and result.err.count("\n") == 1


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize("kind", ["a folder in place of the file", "no library", "cut off"])
def test_library_that_cannot_be_read(cli, at, kind):
    file = cli.folder / "lib" / "library.sqlite3"
    if kind == "a folder in place of the file":
        file.mkdir(parents=True)
    elif kind == "no library":
        file.parent.mkdir()
        file.write_bytes(b"no such thing" * 100)
    else:
        cli("index", "lib", "story.txt")
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    before = file.is_dir() or file.read_bytes()
    result = cli(*commands_on("lib")[at])
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("article-qa: The library lib ") and result.err.count("\n") == 1
    assert (file.is_dir() or file.read_bytes()) == before, "left alone"


def test_serve_hands_over_its_options(cli, monkeypatch):
    calls = []
    monkeypatch.setitem(
        sys.modules, "ui.app", SimpleNamespace(serve=lambda *given, **more: calls.append((given, more)))
    )
    assert cli("serve").code == 0
    assert cli("serve", "story.txt", "--host", "0.0.0.0", "--port", "80", "--library", "lib", "--open").code == 0  # noqa: S104
    assert cli("serve", "--reader", "r", "--embedder", "e", "--allow-urls", "--mcp", "--auth", "ann:secret").code == 0
    plain = {"reader": None, "embedder": None, "allow_urls": False, "users": None, "mcp": False}
    own = {"reader": "r", "embedder": "e", "allow_urls": True, "users": "ann:secret", "mcp": True}
    assert calls == [
        (([], "127.0.0.1", 7860, None, False), plain),
        (([Path("story.txt")], "0.0.0.0", 80, Path("lib"), True), plain),  # noqa: S104
        (([], "127.0.0.1", 7860, None, False), own),
    ]
    assert cli("serve", "missing.txt").code == 3
    assert cli("serve", "-").code == 2
    assert cli("serve", "--port", "99999").code == 2


def test_serve_on_a_port_that_is_taken(cli, monkeypatch):
    def taken(*_, **__):
        raise OSError("Cannot find empty port in range: 7860-7860")

    monkeypatch.setitem(sys.modules, "ui.app", SimpleNamespace(serve=taken))
    result = cli("serve")
    assert (result.code, result.err) == (3, "article-qa: Cannot find empty port in range: 7860-7860\n")


def test_export(cli, monkeypatch):
    def export_reader(checkpoint, folder, *, quantize, **_):
        (folder / f"{checkpoint.name}-{quantize}.onnx").write_bytes(b"0" * 2**20)
        return folder / f"{checkpoint.name}-{quantize}.onnx"

    monkeypatch.setattr("qa.export.export_reader", export_reader)
    assert cli("export", "run", ".").out == "run-True.onnx (1.0 MiB)\n"
    assert cli("export", "run", ".", "--no-quantize").out == "run-False.onnx (1.0 MiB)\n"


def test_export_that_fails(cli, monkeypatch):
    def export_reader(checkpoint, folder, *, quantize, **_):
        raise qa.ModelError(f"{checkpoint} is not a model folder:\n it has no config.json.")

    monkeypatch.setattr("qa.export.export_reader", export_reader)
    result = cli("export", "story", "out")
    assert (result.code, result.err) == (3, "article-qa: story is not a model folder: it has no config.json.\n")
