"""Runs: in one process or several, stopped and gone on with, and never mixing two systems."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from models import KeywordReader
from toys import HashEmbedder

from eval.asking import ask_all
from eval.datasets import Dataset, Example, load_squad
from eval.evaluator import AnswerEvaluator, RetrievalEvaluator
from eval.examination import examine
from eval.journal import JOURNAL_FILE, Journal
from eval.outcome import Outcome, gold_rank, question_key
from qa import Article, Library
from qa.export import export_reader


class CountingReader(KeywordReader):
    """Knows the word Ada, and how many questions were read."""

    def __init__(self, fingerprint="keywords"):
        super().__init__({"Ada": 3.0})
        self.fingerprint = fingerprint

    @property
    def folder(self):
        return None


@pytest.fixture(scope="module")
def towns():
    """Forty questions about eight articles of one line each; every other question has no answer."""
    items = []
    for town in range(8):
        text = f"The town number {town} lies by the sea and has a mayor named Ada."
        examples = [
            Example(f"{town}-{n}", f"Who is mayor {n} of {town}?", ("Ada",), (text.index("Ada"),))
            if n % 2
            else Example(f"{town}-{n}", f"Why is town {town} without a harbour {n}?", (), ())
            for n in range(5)
        ]
        items.append((Article.of(text, f"Town {town}"), tuple(examples)))
    return Dataset("towns", tuple(items))


def library(reader):
    return lambda: Library(reader=reader)


def untimed(run):
    return [{**outcome.to_dict(), "milliseconds": None} for one in run.examinations for outcome in one.outcomes]


def test_evaluators_name_their_metric_and_leave_the_library_as_it_was(towns):
    kept = Library(reader=CountingReader())
    own = kept.add("An article of the user about Ada.")
    theirs, _ = towns.items[0]
    kept.add_articles([theirs])
    evaluator = AnswerEvaluator(towns)
    metrics = evaluator(kept)
    assert evaluator.primary_metric in metrics
    assert metrics["total"] == len(towns) == 40
    assert metrics["HasAns_exact"] == metrics["HasAns_positional_exact"] == 100
    assert metrics["NoAns_exact"] == 0
    assert {article.id for article in kept.articles} == {own.id, theirs.id}


def test_a_limit_takes_a_seeded_sample(towns):
    assert len(towns.limited(7).items) > 2  # not the first seven, which are about two articles
    assert set(towns.limited(7).pairs) < set(towns.limited(20).pairs)
    sample, again, other = towns.limited(7, 1), towns.limited(7, 1), towns.limited(7, 2)
    assert sample == again != other
    assert len(sample) == 7
    order = [pair for pair in towns.pairs if pair in sample.pairs]
    assert sample.pairs == order
    assert towns.limited(99, 1) is towns
    assert len(AnswerEvaluator(towns, limit=3, seed=5).outcomes(Library(reader=CountingReader()))) == 3


def test_a_question_that_cannot_be_asked_is_declined(towns):
    article, _ = towns.items[0]
    pairs = [(article, Example("1", " ", ("Ada",), (0,))), (article, Example("2", "Who?", ("Ada",), (0,)))]
    blank, asked = ask_all(pairs, Library(reader=CountingReader()))
    assert (blank.best, blank.answered_in, blank.milliseconds) == ("", (), None)
    assert asked.best == "Ada"


def test_a_second_run_asks_nothing_again(towns, tmp_path):
    reader, said = CountingReader(), []
    whole = examine([towns], library(reader))
    partly = examine([towns.limited(15)], library(reader), folder=tmp_path)
    assert [outcome for outcome in untimed(whole) if outcome in untimed(partly)] == untimed(partly)
    read = len(reader.read)
    resumed = examine([towns], library(reader), folder=tmp_path, say=said.append)
    assert len(reader.read) - read == 25
    assert untimed(resumed) == untimed(whole)
    assert said == ["towns: 15 of 40 questions were asked before and are not asked again."]
    read = len(reader.read)
    assert examine([towns], library(reader), folder=tmp_path) == resumed
    assert len(reader.read) == read


def test_another_reader_takes_nothing_over(towns, tmp_path):
    examine([towns], library(CountingReader()), folder=tmp_path)
    other, said = CountingReader("others"), []
    examine([towns], library(other), folder=tmp_path, say=said.append)
    assert len(other.read) == 40
    assert said == [f"{tmp_path}: 40 outcomes of another reader, embedder or version are there and not used."]


def test_a_changed_question_is_asked_again(towns):
    article, examples = towns.items[0]
    changed = Example(examples[0].id, "Another question?", examples[0].answers, examples[0].starts)
    longer = Article.of(article.text + " More.", article.title)
    renamed = Article.of(article.text, "Another title")  # it is part of what is searched
    keys = {question_key(one, examples[0]) for one in (article, longer, renamed)} | {question_key(article, changed)}
    assert len(keys) == 4


def test_times_of_another_number_of_processes_are_forgotten(made, tmp_path):
    outcome = made("Ada", ["Ada"], key="a")
    journal = Journal(tmp_path, "system", jobs=2)
    journal.append(outcome)
    journal.close()
    for jobs, kept in ((1, None), (2, outcome.milliseconds)):
        reopened = Journal(tmp_path, "system", jobs)
        found = reopened.get("a")
        reopened.close()
        assert found == replace(outcome, milliseconds=kept)


@pytest.mark.parametrize("cut", [1, 30, 120])
def test_a_line_that_was_half_written_is_passed_over(cut, made, tmp_path):
    one, two, three = (made("Ada", ["Ada"], key=key) for key in "abc")
    journal = Journal(tmp_path, "system")
    journal.append(one)
    journal.append(two)
    journal.close()
    file = tmp_path / JOURNAL_FILE
    file.write_bytes(file.read_bytes()[:-cut])
    reopened = Journal(tmp_path, "system")
    assert (reopened.get("a"), reopened.get("b")) == (one, two if cut == 1 else None)
    reopened.append(three)
    reopened.close()
    last = Journal(tmp_path, "system")
    assert [last.get(key) for key in "ac"] == [one, three]
    last.close()


def test_outcomes_survive_the_file(made):
    outcome = made("Ada", ["Ada", "she"], starts=(3, None), gold_rank=2, searched=True)
    assert Outcome.from_dict(outcome.to_dict() | {"something": "else"}) == outcome


def test_several_processes_give_the_same_outcomes(tiny_checkpoint, towns, tmp_path):
    export_reader(tiny_checkpoint, tmp_path / "reader")
    make = partial(Library, reader=str(tmp_path / "reader"))
    alone, together = examine([towns], make), examine([towns], make, jobs=2, folder=tmp_path)
    assert untimed(alone) == untimed(together)
    assert any(outcome.best for outcome in alone.examinations[0].outcomes)
    assert len((tmp_path / JOURNAL_FILE).read_text().splitlines()) == 40


def long_article():
    """Six hundred sentences, too many to be read whole; each has a word of its own."""
    sentences = [f"On day {n} the crew of the ship saw {word(n)} near the coast of the island ." for n in range(600)]
    text = " ".join(sentences)
    examples = tuple(
        Example(str(n), f"When did the crew see {word(n)} near the coast?", (f"day {n}",), (text.index(f"day {n} "),))
        for n in range(5, 600, 60)
    )
    return Article.of(text, "The log"), examples


def word(n):
    return "".join(chr(ord("a") + int(digit)) * 2 for digit in f"{n:03}") + "ish"


def test_ranks_are_of_the_passage_that_holds_the_answer():
    article, examples = long_article()
    dataset = Dataset("log", ((article, examples),))
    kept = Library(reader=CountingReader(), embedder=HashEmbedder(64))
    outcomes = AnswerEvaluator(dataset).outcomes(kept)
    assert all(outcome.searched and outcome.gold_rank == 1 for outcome in outcomes)
    found = RetrievalEvaluator(dataset)(kept)
    assert (found["recall@1"], found["mrr"], found["retrieval_total"]) == (100, 1, len(examples))
    passages = Library(reader=CountingReader(), embedder=HashEmbedder(64))
    passages.add_articles([article])
    listed = passages.find(examples[0].question)
    nowhere = Example("x", "?", (article.text[:9000],), (0,))
    assert gold_rank(listed, nowhere) is None
    assert gold_rank(listed[1:], examples[0]) is None or gold_rank(listed[1:], examples[0]) > 1


def test_feedback_files_are_sets_like_any_other(tmp_path):
    path = tmp_path / "feedback.json"
    path.write_text(
        '{"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": "Ada is mayor.", "qas": [{"id": "1",'
        ' "question": "Who?", "is_impossible": false, "answers": [{"text": "Ada", "answer_start": 0}]}]}]}]}'
    )
    assert AnswerEvaluator(load_squad(path))(Library(reader=CountingReader()))["exact"] == 100
