"""The three files of a report: complete, harmless, and needing nothing else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from eval.datasets import Dataset, Example
from eval.examination import Examination, Run
from eval.outcome import Outcome, question_key
from eval.report.document import SCHEMA, load_report
from eval.report.mistakes import WORST, excerpt, worst_mistakes
from eval.report.plots import latency_plot
from eval.report.svg import element, ticks
from eval.report.writer import write_report
from qa import Article, InputError

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"'{{ 7 * 7 }}{% raw %} </style> | `_*\\ &lt; \u202e"


def outcome_of(article, example, best, start, **details):
    values = {"confidence": 0.5, "margin": 1.0, "answered_in": ("balanced", "eager")} | details
    return Outcome(
        question_key(article, example), example.id, example.question, article.id, example.answers, example.starts,
        best, start, milliseconds={"retrieve": 0.1, "read": 9.0, "decode": 1.0, "decide": 0.2}, **values,
    )  # fmt: skip


@pytest.fixture
def make_run(system):
    """A run over one article whose words are as given everywhere: title, text, question, answers, names."""

    def make(words, count=60):
        text = f"In Rye {words} lives Ada. {'Nothing happens here. ' * 60}In Ely {words} lives Bob."
        article = Article.of(text, f"Title {words}")
        ada, bob = text.index("Ada"), text.index("Bob")
        pairs = []
        for n in range(count):
            gold = () if n % 3 == 2 else ("Ada", f"{words}")
            starts = (ada, text.index(words)) if gold else ()
            example = Example(f"{words}{n}", f"Who {words} {n}?", gold, starts)
            if n % 3 == 0:  # wrong
                outcome = outcome_of(article, example, "Bob", bob, confidence=0.5 + n / 1000)
            elif n % 3 == 1:  # right, but declined
                outcome = outcome_of(article, example, "Ada", ada, confidence=0.3 - n / 1000, answered_in=())
            else:  # made up
                outcome = outcome_of(article, example, "Ada", ada, confidence=0.9 - n / 1000)
            pairs.append((example, outcome))
        examples, outcomes = zip(*pairs, strict=True)
        return Run(
            system, ("balanced", "strict"), (Examination(Dataset(f"set {words}", ((article, examples),)), outcomes),)
        )

    return make


def write(run, folder, settings):
    write_report(run, list(run.results()), folder, settings)


class Page(HTMLParser):
    """Collects what a browser would load or run, and the text in its elements."""

    def __init__(self):
        super().__init__()
        self.tags, self.loads, self.handlers, self.text = [], [], [], ""

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        for name, value in attributes:
            if name in {"src", "href", "srcset", "data", "action", "poster", "xlink:href"} and not value.startswith(
                "#"
            ):
                self.loads.append((tag, name, value))
            if name.startswith("on"):
                self.handlers.append((tag, name))

    def handle_data(self, data):
        self.text += data


def test_the_page_loads_nothing_and_shows_hostile_text_as_it_is(make_run, tmp_path):
    write(make_run(HOSTILE), tmp_path, {"limit": 60})
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page()
    page.feed(source)
    assert page.loads == page.handlers == []
    assert not re.search(r"(url\(|@import|//[a-z0-9-]+\.[a-z])", source)
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert page.tags.count("svg") == 8
    assert HOSTILE in page.text
    assert "default-src 'none'" in source


def test_a_plain_page_has_the_same_elements_as_a_hostile_one(make_run, tmp_path):
    pages = []
    for words in (HOSTILE, "plain"):
        write(make_run(words), tmp_path, {})
        pages.append(Page())
        pages[-1].feed((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert pages[0].tags == pages[1].tags


def test_a_seed_of_zero_is_shown_and_what_is_not_set_is_not(make_run, tmp_path):
    write(make_run("plain"), tmp_path, {"limit": 5, "seed": 0, "article level": False, "jobs": None})
    for name in ("report.html", "report.md"):
        head = (tmp_path / name).read_text(encoding="utf-8").partition("jobs")[0]
        assert "seed 0" in head
        assert "article level" not in head


def test_markdown_keeps_its_tables(make_run, tmp_path):
    write(make_run("a | b\n# c <b>"), tmp_path, {})
    lines = (tmp_path / "report.md").read_text(encoding="utf-8").splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert all(line.startswith(("|", "#")) or not line.strip() or "·" in line for line in lines), lines
    assert not any(line.startswith("# c") for line in lines)
    worst = [line for line in tables if "Who a" in line]
    assert len(worst) == WORST
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in worst} == {7}


def test_the_json_has_everything_and_is_read_back(make_run, tmp_path):
    run = make_run("plain")
    write(run, tmp_path, {"seed": 3})
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (data["schema"], data["settings"]["seed"], data["modes"]) == (SCHEMA, 3, ["balanced", "strict"])
    (one,) = data["sets"]
    assert [result["mode"] for result in one["results"]] == ["balanced", "strict"]
    result = one["results"][0]
    for name in ("total", "exact", "f1", "HasAns_exact", "HasAns_f1", "HasAns_total", "NoAns_exact", "NoAns_f1",
                 "NoAns_total", "best_exact", "best_exact_thresh", "best_f1", "best_f1_thresh"):  # fmt: skip
        assert name in result["metrics"]
    assert set(result["intervals"]) <= set(result["metrics"])
    assert list(result["modes"]) == ["strict", "balanced", "eager"]
    assert sum(group["total"] for group in result["by_type"]) == 60
    assert result["latency"]["read"] == {"p50": 9, "p95": 9}
    assert (one["questions"][0]["type"], one["questions"][0]["best_f1"]) == ("who", 0)
    for path in (tmp_path, tmp_path / "report.json"):
        loaded = load_report(path)
        assert loaded.modes == ("balanced", "strict")
        assert loaded.sets[0].outcomes == run.examinations[0].outcomes


@pytest.mark.parametrize(
    ("content", "said"),
    [("{}", "is not a report"), ("x", "is not a report"), ('{"schema": 99}', "has schema 99"), ("[]", "not a report")],
)
def test_other_files_are_refused_in_one_line(content, said, tmp_path):
    (tmp_path / "report.json").write_text(content)
    with pytest.raises(InputError, match=said) as caught:
        load_report(tmp_path)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such file"):
        load_report(tmp_path / "missing.json")


def test_the_worst_mistakes_are_of_each_kind_and_the_surest_first(make_run):
    mistakes = worst_mistakes(make_run("plain"), "balanced")
    assert len(mistakes) == WORST
    by_kind = {kind: [m for m in mistakes if m.kind == kind] for kind in ("wrong", "made-up", "missed")}
    assert {len(found) for found in by_kind.values()} == {16, 17}
    for kind, found in by_kind.items():
        order = [m.confidence for m in found]
        assert order == sorted(order, reverse=kind != "missed")
    assert worst_mistakes(make_run("plain"), "strict")[0].kind == "missed"


def test_excerpts_quote_the_article_and_mark_both(make_run):
    run = make_run("plain")
    ((article, _),) = run.examinations[0].dataset.items
    (wrong,) = worst_mistakes(run, "balanced", 1)
    assert [(text, mark) for text, mark in wrong.pieces if mark in {"gold", "given"}] == [
        ("plain", "gold"), ("Ada", "gold"), ("Bob", "given"),
    ]  # fmt: skip
    stretches = "".join(text if mark != "gap" else "\0" for text, mark in wrong.pieces).split("\0")
    assert len(stretches) == 2  # the two are far apart
    assert all(stretch in article.text for stretch in stretches)


@pytest.mark.parametrize(
    ("gold", "given", "expected"),
    [
        ([(4, 7)], [(4, 7)], [("one", "both")]),
        ([(4, 7)], [(4, 11)], [("one", "both"), (" two", "given")]),
        ([(4, 11)], [(8, 15)], [("one ", "gold"), ("two", "both"), (" six", "given")]),
        ([], [(8, 11)], [("two", "given")]),
        ([], [], []),
    ],
)
def test_overlapping_highlights(gold, given, expected):
    text = "the one two six ten"
    pieces = list(excerpt(text, gold, given))
    assert [piece for piece in pieces if piece[1]] == expected
    assert "".join(piece for piece, _ in pieces) in ("", text)


def test_drawings_escape_and_scales_are_round():
    assert element("text", "<b>", class_='a"b', text_anchor="end") == (
        '<text class="a&#34;b" text-anchor="end">&lt;b&gt;</text>'
    )
    assert ticks(1) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(730)[-1] >= 730
    assert all(len(ticks(most)) <= 7 for most in (0.05, 0.5, 3, 17, 99, 1234))


def test_the_first_sentence_says_of_which_result_it_is(make_run, tmp_path):
    write(make_run("Elm"), tmp_path, {})
    page = (tmp_path / "report.html").read_text()
    lead = re.sub(r"<[^>]+>|\s+", " ", re.search(r'<p class="lead">(.*?)</p>', page, re.DOTALL)[1])
    assert " ".join(lead.split()).startswith(
        "set Elm, balanced , the first of 2 results. Of 40 questions that the texts"
    )


@pytest.mark.parametrize(("questions", "drawn"), [(5, 5), (300, 298)])
def test_of_few_questions_all_times_are_drawn(questions, drawn):
    shown = re.findall(r"(\d+) questions: ", latency_plot([float(n) for n in range(questions)], {}))
    assert sum(map(int, shown)) == drawn
