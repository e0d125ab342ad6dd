"""``article-qa ask`` with toy models: arguments, every form of output, every exit code."""

import json
import os

import documents as make
import pytest
from cli_toys import STORY, ToyCli

from qa import Answer
from qa.reader import DEFAULT_READER, load_reader


def test_answer_for_people(cli):
    result = cli("ask", "story.txt", "Who is the mayor?")
    assert result.code == 0
    assert result.out == ("Ana Ruiz\n\n  Mayor «Ana Ruiz» called the bell a treasure.\n  Story, line 3 (98% sure)\n")
    assert result.err == ""


def test_other_places_are_named(cli):
    result = cli("ask", "story.txt", "What was the reward?")
    assert result.code == 0
    assert "  The council offered «$500» for the lost bell.\n" in result.out
    assert result.out.endswith("  Story, line 3 (98% sure)\n  Also at 1 other place: line 5\n")


def test_other_places_in_other_articles_have_a_title(cli):
    (cli.folder / "third.txt").write_text("They gave $500 more.")
    assert "Also at 2 other places: line 5; Third, line 1\n" in cli("ask", "story.txt", "third.txt", "The reward?").out


def test_not_in_the_text(cli):
    result = cli("ask", "story.txt", "Was there any rain?")
    assert result.code == 1
    assert result.out == (
        "The article does not say.\n\n"
        "  Closest, but not an answer: The storm reached Harbourton on Monday.\n"
        "  Story, line 1\n"
    )
    assert cli("ask", "story.txt", "other.txt", "Was there any rain?").out.startswith("The articles do not say.\n")


def test_modes(cli):
    assert cli("ask", "story.txt", "--mode", "eager", "Was there any rain?").out.startswith("storm\n")
    assert cli("ask", "story.txt", "--mode", "strict", "Who is the mayor?").code == 1
    assert cli("ask", "story.txt", "--mode", "bold", "Who is the mayor?").code == 2


def test_no_percentage_without_a_calibrator(monkeypatch, capsys, tmp_path):
    cli = ToyCli(monkeypatch, capsys, tmp_path, calibrated=False)
    assert cli("ask", "story.txt", "Who is the mayor?").out.endswith("\n  Story, line 3\n")
    assert "margin" in cli("ask", "story.txt", "--trace", "Who is the mayor?").out


def test_json_is_the_answer_and_its_place(cli):
    result = cli("ask", "story.txt", "--json", "Who is the mayor?")
    assert result.out.count("\n") == 1 and result.err == ""
    record = json.loads(result.out)
    assert (record["line"], record["page"]) == (3, None)
    assert record["article"].keys() == {"id", "title", "source"}
    assert (record["article"]["title"], record["article"]["source"]) == ("Story", "story.txt")
    span = record["span"]
    assert STORY[span["start"] : span["end"]] == record["text"] == "Ana Ruiz"
    extra = {"article", "line", "page"}
    plain = {key: value for key, value in record.items() if key not in extra}
    assert Answer.from_dict(plain).to_dict().keys() | extra == record.keys()
    missing = json.loads(cli("ask", "story.txt", "--json", "Was there any rain?").out)
    assert (missing["answered"], missing["article"], missing["line"]) == (False, None, None)


def test_json_keeps_letters(cli):
    (cli.folder / "bell.txt").write_text("The naïve bell 🔔 cost $500 né.", encoding="utf-8")
    result = cli("ask", "bell.txt", "--json", "Wie groß, the reward?")
    assert "naïve bell 🔔" in result.out and "Wie groß" in result.out


def test_trace(cli):
    result = cli("ask", "story.txt", "--trace", "Was there any rain?")
    assert result.code == 1
    for expected in ("Mode balanced: answers from confidence 0.500 on; the best has 0.269.", "window", "retrieve",
                     "Passage", "Lexical", "Span", "-2.000", "(withheld) The storm"):  # fmt: skip
        assert expected in result.out
    assert not any(line.endswith(" ") for line in result.out.splitlines())


def test_questions_from_a_file(cli):
    (cli.folder / "questions").write_text("# about the bell\nWho is the mayor?\n\n  Was there any rain?  \n")
    result = cli("ask", "story.txt", "--questions", "questions")
    assert result.code == 0
    assert result.out.startswith("> Who is the mayor?\nAna Ruiz\n")
    assert "\n\n> Was there any rain?\nThe article does not say.\n" in result.out
    lines = cli("ask", "story.txt", "--questions", "questions", "--json").out.splitlines()
    assert [json.loads(line)["answered"] for line in lines] == [True, False]


def test_questions_from_a_pipe(cli):
    reads, writes = os.pipe()  # as the shell makes one of <(...)
    with os.fdopen(writes, "w") as stream:
        stream.write("Who is the mayor?\n")
    try:
        assert cli("ask", "story.txt", "--questions", f"/dev/fd/{reads}").out.startswith("Ana Ruiz\n")
    finally:
        os.close(reads)


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (("story.txt", "Who?", "--questions", "other.txt"), b"", "exclude each other"),
        (("-", "--questions", "-"), b"", "cannot be both"),
        (("story.txt", "--questions", "-"), b" \n", "There is no question in standard input"),
        (("story.txt", "--questions", "-"), b"# a remark", "There is no question in standard input"),
        (
            ("story.txt", "--questions", "-"),
            b"Who?\n" + b"so " * 50,
            "standard input, line 2: The question is too long",
        ),
        (("story.txt", "--questions", "-"), b"Who?\n" + b"so " * 999, "standard input, line 2: The question has 2,9"),
        (("story.txt", "so " * 50), b"", "article-qa: The question is too long"),
        (("story.txt", ""), b"", "The question is empty"),
        (("story.txt", " \t"), b"", "The question is empty"),
        (("story.txt",), b"", "No question"),
        (("-",), b"Some text.", "No question"),
        (("-", "-", "Who?"), b"Some text.", "only once"),
        (("Who is the mayor?",), b"", "No article to ask"),
        ((), b"", "No article to ask"),
        (("story.txt", "Who?", "--mood", "strict"), b"", "No such option"),
        (("story.txt", "Who?", "--top-k", "0"), b"", "--top-k"),
    ],
)
def test_wrong_usage(cli, arguments, stdin, message):
    result = cli("ask", *arguments, stdin=stdin)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("stroy.txt",), "article-qa: stroy.txt not found: did you mean story.txt?\n"),
        (("stroy.txt", "Who?"), "article-qa: stroy.txt not found: did you mean story.txt?\n"),
        (("story.txt", "notes.pdf"), "notes.pdf not found: check the path.\n"),
        (
            ("story.txt", "What is in notes.pdf"),
            "check the path. If it is the question, end it with a question mark.\n",
        ),
        (("news/story", "Who?"), "news/story not found"),
        (("news/story",), "news/story not found"),
        (("story.txt", "who", "is", "mayor"), 'who not found: a question goes last, as one argument in "quotes".'),
        (("https://example.org/a.html", "Who?"), "addresses are not fetched"),
        (("story.txt", "--questions", "nowhere"), "nowhere not found"),
        (("story.txt", "--questions", "."), ". is a folder"),
        (("--library", "nowhere", "Who?"), "There is no library in nowhere"),
    ],
)
def test_missing_files(cli, arguments, message):
    result = cli("ask", *arguments)
    assert (result.code, result.out) == (3, "")
    assert message in result.err and result.err.count("\n") == 1
    assert not (cli.folder / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "a.txt is empty"),
        ("a.txt", b" \n\t\r\n", "a.txt has no text"),
        ("a.txt", bytes(range(256)) * 20, "a.txt is not text"),
        ("a.pdf", b"%PDF-1.7\nbroken", "a.pdf is broken"),
        ("a.docx", b"PK\x03\x04broken", "a.docx"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "a.png looks like a PNG picture"),
    ],
)
def test_unreadable_articles(cli, name, data, message):
    (cli.folder / name).write_bytes(data)
    result = cli("ask", "story.txt", name, "Who is the mayor?")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith(f"article-qa: {message}") and result.err.count("\n") == 1
    if name == "a.txt":
        result = cli("ask", "-", "Who is the mayor?", stdin=data)
        assert result.code == 3 and result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", make.pdf_encrypted("secret"), "a.pdf is protected by a password"),
        ("a.pdf", make.pdf_scan(), "a.pdf has pages but no text"),
        ("a.pdf", make.pdf_lines(["Some text."])[:300], "a.pdf is broken or cut off"),
        (
            "a.docx",
            make.rezipped(make.docx(lambda document: None), {"media/huge.bin": bytes(40 * 2**20)}),
            "a.docx unpacks to",
        ),
    ],
    ids=["encrypted", "scan", "cut", "bomb"],
)
def test_unreadable_documents_are_one_line_and_make_no_library(cli, name, data, message):
    (cli.folder / name).write_bytes(data)
    for command in (
        ("ask", "story.txt", name, "Who is the mayor?"),
        ("ask", "--library", "lib", name, "Who is the mayor?"),
        ("index", "lib", name),
    ):
        result = cli(*command)
        assert (result.code, result.out) == (3, "")
        assert result.err.startswith(f"article-qa: {message}") and result.err.count("\n") == 1
        assert not (cli.folder / "lib").exists()


def test_a_library_stays_as_it_was_when_a_file_cannot_be_read(cli):
    cli("index", "lib", "story.txt")
    (cli.folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    assert cli("ask", "--library", "lib", "other.txt", "broken.pdf", "Who is the mayor?").code == 3
    assert cli("list", "lib").out.count("\n") == 1


@pytest.mark.skipif(not DEFAULT_READER.is_dir(), reason="the reader's weights are not here")
def test_a_question_longer_than_the_window_of_the_real_reader(cli, monkeypatch):
    reader = load_reader()
    monkeypatch.setattr("qa.library.load_reader", lambda spec=None: reader)
    result = cli("ask", "story.txt", "why " * 450)
    assert (result.code, result.out) == (2, "")
    assert "too long" in result.err and result.err.count("\n") == 1
    assert not cli("ask", "story.txt", "Who is the mayor of Harbourton?").code


def test_unreadable_file_in_a_folder_is_named_with_its_path(cli):
    (cli.folder / "news").mkdir()
    (cli.folder / "news" / "a.txt").write_bytes(b"")
    assert cli("ask", "news", "Who?").err.startswith("article-qa: news/a.txt is empty")


def test_which_argument_is_the_question(cli):
    (cli.folder / "mayor").write_text("Mayor Ana Ruiz.")
    assert "No question" in cli("ask", "story.txt", "mayor").err, "a file that exists is an article"
    assert cli("ask", "mayor", "mayor?").code == 0, "no file of this name"
    assert cli("ask", "story.txt", "and/or?").code == 1, "a question mark makes a question"
    assert cli("ask", "story.txt", "Was the lost/stolen bell worth the reward").code == 0, "a slash in a sentence"
    assert cli("ask", "story.txt", "--", "-- the mayor").code == 0, "after -- all is words"
    assert cli("ask", "story.txt", "x" * 300 + " mayor").code == 0, "longer than any file name"


def test_a_folder_stands_for_its_articles(cli):
    assert "Story, line 3" in cli("ask", ".", "Who is the mayor?").out
    (cli.folder / "empty").mkdir()
    assert "has no article in it" in cli("ask", "empty", "Who is the mayor?").err


def test_a_text_cannot_drive_the_terminal(cli):
    (cli.folder / "evil.txt").write_text("The bell \x1b[31mcost\x07 $500 in [bold]May[/bold] :smile:.")
    result = cli("ask", "evil.txt", "The reward?")
    assert not set(result.out) & {"\x1b", "\x07"}
    assert "cost� «$500» in [bold]May[/bold] :smile:.\n" in result.out


def test_file_name_that_is_no_text(cli):
    name = os.fsdecode(b"st\xffry.txt")
    try:
        (cli.folder / name).write_text(STORY)
    except OSError:
        pytest.skip("this file system takes only text")
    assert cli("ask", name, "Who is the mayor?").code == 0
    assert json.loads(cli("ask", "--json", name, "Who is the mayor?").out)["article"]["source"] == "st�ry.txt"
