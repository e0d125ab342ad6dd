"""Who says it, what says otherwise, and why there is no answer: rules over the article's own words."""

from dataclasses import replace

import pytest

from qa import Alternative, Answer, Article, Span
from qa.absence import absence
from qa.attribution import speaker
from qa.conflicts import conflicts


def place(article: Article, words: str) -> Span:
    at = article.text.index(words)
    return Span.quoting(article, at, at + len(words))


@pytest.mark.parametrize(
    ("sentence", "answer", "who"),
    [
        ("The blast killed 12 people, according to Russian officials.", "12 people", "Russian officials"),
        ("According to the ministry, 12 people died.", "12", "the ministry"),
        ("Alexander Bortnikov said that 12 people died.", "12", "Alexander Bortnikov"),
        ("“We counted 12 people,” said Anna Holm, the captain.", "12 people", "Anna Holm"),
        ("“We counted 12 people,” Mayor Anna Holm said.", "12 people", "Mayor Anna Holm"),
        ("“We counted 12,” he said.", "12", None),
        ("After the blast 12 people said nothing.", "12 people", None),
        ("Twelve people died on Monday.", "Twelve", None),
        ("Anna Holm said that 12 people died.", "Anna Holm", None),
    ],
)
def test_the_speaker_of_a_sentence(sentence: str, answer: str, who: str | None) -> None:
    article = Article.of(f"Before. {sentence} After.")
    found = speaker(article, place(article, sentence), place(article, answer))
    assert (found.text if found else None) == who
    if found:
        assert article.text[found.start : found.end] == who


def told(
    first: str, answer: str, second: str, other: str, margin: float = 2.0, question: str = "How much was the reward?"
) -> Answer:
    article = Article.of(f"{first} {second}")
    span = place(article, answer)
    alternative = Alternative(Span.quoting(article, *_after(article, other, first)), place(article, second), margin)
    return Answer(question, True, answer, span, 0.8, place(article, first), (span,), (alternative,))


def _after(article: Article, words: str, first: str) -> tuple[int, int]:
    at = article.text.index(words, len(first))
    return at, at + len(words)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("$10,000", "$12,000", True),
        ("$10,000", "10,000 dollars", False),
        ("$1.5 million", "$1,500,000", False),
        ("10%", "12 percent", True),
        ("October 31", "31 October 2015", False),
        ("October 31", "October 30", True),
        ("twelve", "12", False),
        ("$10,000", "12 people", False),
        ("Ann", "Bo", False),
        ("40 m long", "131 feet", False),
        ("40 m", "40 metres", False),
        ("40 m", "45 metres", True),
        ("40m people", "40 million people", False),
        ("$40 m", "$40 million", False),
        ("two years", "26 months", False),
        ("two years", "three years", True),
        ("2 million kronor", "two million kronor", False),
        ("2\u00a0million kronor", "2,000,000 kronor", False),
        ("2 million kronor", "three million kronor", True),
        ("five thousand dollars", "$5,000", False),
        ("two hundred", "200", False),
        ("two hundred", "300", True),
        ("twenty-five thousand", "25k", False),
        ("two dozen", "24", False),
        ("two hundred and fifty", "250", False),
        ("two and a half million", "2.5 million", False),
        ("15 per cent", "15%", False),
        ("15 per cent", "20%", True),
        ("$5 million, up 20%", "$6 million", True),
        ("20% of $5 m", "20% of $5 million", False),
        ("$4.1 million", "$4,100,000", False),
        ("twenty-first", "21st", False),
        ("twenty-five thousand", "25,000", False),
        ("twenty thousand", "21,000", True),
        ("15 cents", "20 cents", True),
        ("1 February 2020", "01/02/2020", False),
        ("1 February 2020", "2020-02-01", False),
        ("01/02/2020", "02.01.20", False),
        ("01/02/2020", "03/02/2020", True),
    ],
)
def test_other_values_of_one_kind_conflict(one: str, other: str, differ: bool) -> None:
    found = told(f"The reward was {one}.", one, f"They called the reward {other}.", other)
    assert [c.span.text for c in conflicts(found)] == ([other] if differ else [])


def test_no_conflict_where_the_reader_or_the_words_say_it_is_about_something_else() -> None:
    assert not conflicts(told("The reward was $10.", "$10", "The reward was $12.", "$12", margin=-0.5))
    assert not conflicts(told("The reward was $10.", "$10", "The ferry cost $12.", "$12"))
    found = told("The reward was $10.", "$10", "The reward was $12.", "$12")
    assert conflicts(found)
    # an answer that was read through a pronoun has the sentences up to it, and what they hold is of one saying
    both = Span(found.span.article_id, 0, 39, "The reward was $10. The reward was $12.")
    assert not conflicts(replace(found, sentence_span=both))


def test_why_a_text_does_not_say() -> None:
    text = "Officials offered a reward of $50 million in Moscow."
    gone = absence("What is the capital of Mongolia?", [text])
    assert (gone.named, gone.missing, gone.topic_absent) == (("Mongolia",), ("capital",), True)
    there = absence("Which bank paid the rewards in Moscow?", [text])
    assert (there.missing, there.present, there.topic_absent) == (("bank", "paid"), ("rewards", "Moscow"), False)
    assert absence("Who sang opera?", [text]).topic_absent
    assert absence("When?", [text]) == absence("When?", [])
    assert not absence("What about Moscow?", ["Nothing.", text]).topic_absent


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did the U.S. do?", "The U.S. withdrew."),
        ("What did the U.S do?", "The US withdrew."),
        ("Who left the E.U.?", "It left the EU."),
        ("What did J.K. Rowling do?", "J.K. Rowling wrote."),
    ],
)
def test_initials_are_found_however_they_are_written(question: str, text: str) -> None:
    assert absence(question, [text]).named == ()
    assert absence(question, ["Nothing."]).named


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who got 50% of votes?", "He got 50 percent of the votes."),
        ("Who ran 10km?", "She ran 10 km."),
        ("Who paid $50m?", "They paid $50 million."),
        ("Who paid $1,200?", "They paid 1,200 dollars."),
    ],
)
def test_amounts_are_found_however_they_are_written(question: str, text: str) -> None:
    assert absence(question, [text]) == absence(question, [question])
    assert absence(question, ["He had 7 votes."]) != absence(question, [text])
