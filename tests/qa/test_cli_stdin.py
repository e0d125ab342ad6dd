"""What the command line reads from standard input, with toy models."""

import json

import pytest
from cli_toys import STORY


def test_standard_input_as_article(cli):
    result = cli("ask", "-", "Who is the mayor?", stdin=STORY.encode("utf-16"))
    assert result.code == 0 and "standard input, line 3" in result.out
    record = json.loads(cli("ask", "-", "Who is the mayor?", "--json", stdin=STORY.encode()).out)
    assert record["article"]["title"] == "standard input"


def test_questions_from_standard_input(cli):
    many = b"\xef\xbb\xbf" + b"Who is the mayor?\r\n" * 20
    result = cli("ask", "story.txt", "--json", "--questions", "-", stdin=many)
    assert result.code == 0 and len(result.out.splitlines()) == 20
    assert cli("ask", "story.txt", "--questions", "-", stdin=b"Was there any rain?").code == 1


def test_index_standard_input(cli):
    assert "added      -: standard input" in cli("index", "lib", "-", stdin=b"Text from a pipe.").out


def test_standard_input_is_indexed_only_once(cli):
    result = cli("index", "lib", "-", "story.txt", "-", stdin=b"Text from a pipe.")
    assert (result.code, result.out) == (2, "")
    assert "only once" in result.err and not (cli.folder / "lib").exists()


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("-", "Who?"), b"", "standard input is empty (0 bytes)."),
        (("-", "Who?"), b" \n", "standard input has no text to ask about."),
        (("-", "Who?"), b"\x89PNG\r\n\x1a\n", "standard input is not text: it looks like a PNG picture."),
        (("story.txt", "--questions", "-"), b"\x89PNG\r\n\x1a\n", "standard input is not text: "),
        (("story.txt", "--questions", "./photo"), b"", "./photo is not text: "),
    ],
)
def test_what_cannot_be_read_is_called_as_the_user_calls_it(cli, arguments, stdin, message):
    (cli.folder / "photo").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = cli("ask", *arguments, stdin=stdin)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"article-qa: {message}")


@pytest.mark.parametrize(
    "arguments", [("-", "Who is the mayor?"), ("story.txt", "--questions", "-")], ids=["article", "questions"]
)
def test_closed_standard_input(cli, arguments):
    result = cli("ask", *arguments, stdin=None)
    assert (result.code, result.out) == (3, "")
    assert result.err == "article-qa: Standard input (-) is closed: pipe a text into it, or name a file.\n"
    assert "No question" in cli("ask", "story.txt", stdin=None).err
