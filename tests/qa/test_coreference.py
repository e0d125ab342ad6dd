"""Pronouns that answer: whom they stand for, and how an answer says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from models import KeywordReader

import qa
from qa.answer import Answer
from qa.cli.answers import show
from qa.cli.screen import make_console
from qa.coreference import antecedent
from qa.transcript import Exchange, to_markdown

SAMPLE = Path(qa.__file__).parent / "samples" / "reward.txt"
BERG = "Anna Berg, the mayor of Lund and Malmo"
OFFER = "Police saw Mr. Putin. Russian officials were not sure. On Tuesday, they offered a reward while Putin spoke."


def stands_for(text: str, pronoun: str, *proposed: str) -> str | None:
    place = text.rindex(pronoun), text.rindex(pronoun) + len(pronoun)
    found = antecedent(text, place, [(text.index(words), text.index(words) + len(words)) for words in proposed])
    return text[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("text", "pronoun", "proposed", "meant"),
    [
        (OFFER, "they", ["Mr. Putin", "Russian officials", "Police"], "Russian officials"),
        (OFFER, "they", ["Mr. Putin"], None),
        ("In Waskom the woman was seen. She wore white.", "She", ["Waskom", "the woman"], "the woman"),
        ("Mr. Lind met Ms. Berg. He paid.", "He", ["Ms. Berg", "Mr. Lind"], "Mr. Lind"),
        ("Mr. Lind met Ms. Berg. She paid.", "She", ["Mr. Lind", "Ms. Berg"], "Ms. Berg"),
        ("The woman, still missing today, is small. She wore white.", "She", ["The woman, still missing"], "The woman"),
        ("Ann Lind (born in 1990 in Umeå) sang. She wore white.", "She", ["Ann Lind (born in 1990"], "Ann Lind"),
        ("The reef grew. It was counted twice.", "It", ["The reef"], "The reef"),
        ("He died. It was said that Mr. Lind paid.", "He", ["Mr. Lind"], None),  # not named before
        ("Officials said they were sure. They paid.", "They", ["Officials said they were sure"], None),
        ("Ann spoke. I paid.", "I", ["Ann"], None),
        ("Officials met. Rain fell. They paid.", "They", ["Officials"], "Officials"),
        ("Officials met. Rain fell. Snow fell. Hail fell. They paid.", "They", ["Officials"], None),
        ("He saw “Dune, a film” there. It won.", "It", ["“Dune, a film”"], "Dune"),
        ("Ann, 81, and Bob, 44, sang. They won.", "They", ["Ann, 81, and Bob"], "Ann, 81, and Bob"),
        ("Mr. Brandt met Ann. The coat was hers.", "hers", ["Mr. Brandt"], None),
        # "and" in what is said about a name
        (f"{BERG}, met voters. They paid.", "They", [BERG, "voters"], "voters"),
        (f"{BERG}, met voters. She paid.", "She", [BERG, "voters"], "Anna Berg"),
        ("Ann, a doctor and a writer, sang. She won.", "She", ["Ann, a doctor and a writer"], "Ann"),
        ("Ann, born and raised in Lund, sang. She won.", "She", ["Ann, born and raised in Lund"], "Ann"),
        ("Tesla, based in Texas and California. It fell.", "It", ["Tesla, based in Texas and California"], "Tesla"),
        ("Today Dune: the film and book met. It won.", "It", ["Dune: the film and book"], "Dune"),
        ("He saw Dune; Ann and Bob did too. It won.", "It", ["Dune; Ann and Bob"], "Dune"),
        # plurals with a capital
        ("Then the Democrats chose Biden. He won.", "He", ["the Democrats", "Biden"], "Biden"),
        ("Then the Russians shelled Kyiv. It burned.", "It", ["the Russians", "Kyiv"], "Kyiv"),
        ("A police car was burned by youths. They fled.", "They", ["A police car", "youths"], "youths"),
        ("Biles won. She left.", "She", ["Biles"], "Biles"),
        ("Mercedes won. It left.", "It", ["Mercedes"], "Mercedes"),
        ("Officials met. They paid.", "They", ["Officials"], "Officials"),
        # days and months, and people who are called like one
        ("The council met on Friday. It lasted long.", "It", ["Friday", "The council"], "The council"),
        ("The bridge opened in May. It was long.", "It", ["May", "The bridge"], "The bridge"),
        ("The bridge opened on June 24. It was long.", "It", ["June 24"], None),
        ("In the end June spoke. She left.", "She", ["June"], "June"),
    ],
)
def test_what_a_pronoun_stands_for(text, pronoun, proposed, meant):
    assert stands_for(text, pronoun, *proposed) == meant


def test_a_name_within_a_sentence_is_no_plural_at_the_start_of_one():
    text = "Bill Gates opened the gates. Gates spoke. He left."
    gates, he = (text.index("Gates spoke"), text.index(" spoke")), (text.index("He"), text.index(" left"))
    assert antecedent(text, he, [gates]) == gates


@pytest.mark.parametrize(
    ("said", "phrase", "fitting"),
    [
        ("Officials met.", "Officials", "They He It"),  # "Biles" and "Mercedes" look the same
        ("Officials met other officials.", "Officials", "They"),
        ("Witnesses saw what other witnesses saw.", "Witnesses", "They"),
        ("Council members met.", "Council members", "They"),
        ("200 protesters marched.", "200 protesters", "They"),
        ("Anna Smith and Bob Jones met.", "Anna Smith and Bob Jones", "They It"),  # as "Marks and Spencer"
        ("Bosnia and Herzegovina voted.", "Bosnia and Herzegovina", "They It"),
        ("Marks and Spencer closed.", "Marks and Spencer", "They It"),
        ("The ban on cars and boats ended.", "The ban on cars and boats", "It"),
        ("Today the residents of Lund and Malmo met.", "the residents of Lund and Malmo", "They"),
        ("The mayor of Lund and Malmo spoke.", "The mayor of Lund and Malmo", "He"),
        ("Today researchers and students met.", "researchers and students", "They"),
        ("Today nurses, doctors and teachers met.", "nurses, doctors and teachers", "They"),
        ("The mayor, the clerk and a judge met.", "The mayor, the clerk and a judge", "They"),
        ("Police came.", "Police", "They It"),
        ("The city council met.", "The city council", "They It"),
        ("The Food and Drug Administration met.", "The Food and Drug Administration", "They It"),
        ("The family of the victim met.", "The family of the victim", "They It"),
        ("The company's profit fell.", "The company's profit", "It"),
        ("The government plan failed.", "The government plan", "It"),
        ("A family home burned.", "A family home", "It"),
        ("The Beatles sang.", "The Beatles", "They"),
        ("Then the United States left.", "the United States", "They It"),
        ("The Netherlands left.", "The Netherlands", "They It"),
        ("The police chief spoke.", "The police chief", "He"),
        ("Brooks spoke as Mr. Brooks does.", "Brooks", "He It"),
        ("James spoke.", "James", "They He It"),
        ("Will Smith sang.", "Will Smith", "He It"),
        ("On Friday Theresa May spoke.", "Theresa May", "He It"),
        ("The US left.", "The US", "He It"),
        ("Today the mayor will speak.", "the mayor will", ""),
        ("The meeting in Washington, D.C. ended.", "Washington, D.C", "It"),
        ("The film, which won, is old.", "The film, which won", "It"),
    ],
)
def test_pronouns_agree_in_number(said, phrase, fitting):
    meant = {word: stands_for(f"{said} {word} paid.", word, phrase) for word in ("They", "He", "It")}
    assert [word for word, found in meant.items() if found] == fitting.split()
    assert {found for found in meant.values() if found} <= {phrase, "The film"}


PIECES = st.sampled_from(["Officials", "met.", "They", "the", "mayor", "€", "😀", "“", ",", "who", "(", "and", "\n\n"])


@given(st.lists(PIECES | st.text(max_size=5), min_size=1).map(" ".join), st.data())
def test_what_is_meant_lies_before_the_pronoun(text, data):
    at = st.integers(0, 2 * len(text))  # before the pronoun and after it
    places = st.tuples(at, at).map(sorted).map(tuple)
    for word in ("They", "He", "It"):
        pronoun = len(text) + 1, len(text) + 1 + len(word)
        found = antecedent(whole := f"{text} {word} {text}", pronoun, data.draw(st.lists(places, max_size=3)))
        assert found is None or (found[1] <= pronoun[0] and whole[slice(*found)].strip())


def holding(keywords: dict[str, float], null: float = 0.0) -> qa.Library:
    library = qa.Library(reader=KeywordReader(keywords, null=null))
    library.add(OFFER, title="Offer")
    return library


def ask(keywords: dict[str, float], null: float = 0.0) -> Answer:
    return holding(keywords, null).ask("who offered the reward?")


def test_a_pronoun_counts_for_what_it_stands_for():
    answer = ask({"they": 6.0, "Putin": 4.0, "officials": 3.0})
    assert (answer.text, answer.pronoun.text, answer.trace.margin) == ("officials", "they", 12.0)
    assert answer.sentence == OFFER[OFFER.index("Russian") :]  # from the name to what is said of it
    assert Answer.from_dict(answer.to_dict()) == answer
    # it says nothing of others, where the reader is surer of them, or where nobody fits
    assert ask({"they": 3.0, "Putin": 4.0, "officials": 2.0}).text == "Putin"
    alone = ask({"they": 6.0, "Putin": 4.0})
    assert (alone.text, alone.pronoun, alone.trace.margin) == ("Putin", None, 8.0)


def test_of_no_answer_both_sentences_are_shown():
    answer = ask({"they": 6.0, "officials": 3.0}, null=9.0)
    assert (answer.answered, answer.pronoun) == (False, None)
    assert answer.closest.text == OFFER[OFFER.index("Russian") :]


def test_an_answer_tells_what_was_read_into_the_text(capsys):
    library = holding({"they": 6.0, "officials": 3.0})
    answer = library.ask("who offered the reward?")
    assert answer.remark == "The text says “they”, taken to mean this."
    assert ask({"officials": 3.0}).remark == ""
    show(answer, library, make_console())
    assert f"  {answer.remark}\n  Offer, line 1\n" in capsys.readouterr().out
    article = qa.Article.of(OFFER, "Offer")
    assert f"\n\n{answer.remark}\n\n“officials” (Offer)" in to_markdown([Exchange(answer, {article.id: article})])


@pytest.mark.parametrize("mode", ["balanced", "eager"])
def test_the_bundled_reader_finds_who_they_are(mode):
    answer = qa.ask(SAMPLE.read_text(encoding="utf-8"), "who offered the reward?", mode=mode)
    assert (answer.text, answer.pronoun and answer.pronoun.text) == ("Russian officials", "they")
