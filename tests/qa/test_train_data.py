"""What training makes of SQuAD files: examples, negatives, windows, targets and batches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from train_toys import answer, dice, entry, quick, titles, write

from index.errors import InputError
from qa.training.batches import collate, endless, one_pass, soft_targets
from qa.training.examples import cropped, load_examples, title_examples
from qa.training.features import digest, make_features
from qa.training.merging import merged, with_neighbour
from qa.training.negatives import names, swapped
from qa.training.split import held_out
from qa.training.squad import Question, Span, load_titles
from qa.windows import Windower

SENTENCES = " ".join(f"Sentence number {word} says little." for word in ["one", "two", "three", "four", "five", "six"])


@pytest.fixture
def windower(tiny_checkpoint):
    from transformers import AutoTokenizer

    return Windower(AutoTokenizer.from_pretrained(tiny_checkpoint), token_types=True)


def examples_of(tmp_path, entries, **changes):
    path = write(tmp_path / "toys.json.gz", entries)
    return load_examples([path], quick([path], "base", **changes), dice())


def test_the_share_of_titles_that_is_held_out():
    assert 40 < sum(held_out(f"Title {n}") for n in range(1000)) < 90
    assert held_out(titles(1, kept_for_calibration=True)[0])


def test_titles_that_are_held_out_are_not_learned(tmp_path):
    (kept,), (left,) = titles(1, kept_for_calibration=True), titles(1)
    examples = examples_of(tmp_path, [entry(kept), entry(left)])
    assert any(left in example.context for example in examples)
    assert not any(f"{kept} was" in example.context for example in examples)


def test_nor_are_they_under_another_spelling_in_another_file(tmp_path):
    aside = next(name for name in (f"Old_Town_{n}" for n in range(200)) if held_out(name))
    spelled = aside.replace("_", " ").upper()
    assert not held_out(spelled)
    (kept,) = titles(1)
    examples = examples_of(tmp_path, [entry(aside), entry(spelled), entry(kept)])
    assert {kept in example.context for example in examples} == {True}


def test_texts_to_be_evaluated_on_are_not_learned_under_any_title(tmp_path):
    first, second = titles(2)
    reported = entry(first)
    for paragraph in reported["paragraphs"]:
        paragraph["context"] = "It was long ago. " + paragraph["context"].replace(" x", "")
        paragraph["qas"] = []
    file = write(tmp_path / "reported.json", [reported | {"title": "Another name"}])
    examples = examples_of(tmp_path, [entry(first), entry(second)], evaluate=str(file))
    assert {second in example.context for example in examples} == {True}
    with pytest.raises(InputError, match="and the texts of .*reported.json were left out"):
        examples_of(tmp_path, [entry(first)], evaluate=str(file))


def test_examples_keep_their_answers_wherever_they_are_joined(tmp_path):
    examples = examples_of(tmp_path, [entry(title) for title in titles(3)], join=1.0)
    joined = [example for example in examples if "\n\n" in example.context]
    assert len(joined) > len(examples) / 2
    quotes = {example.context[span.start : span.end] for example in joined for span in example.spans}
    assert quotes == {"Arl", "Bem", "Cid", "Dov", "Eno", "bridge"}


def test_retrieved_paragraphs_do_not_hold_the_answer(tmp_path):
    path = write(tmp_path / "toys.json", [entry(titles(1)[0], 8)])
    (title,) = load_titles(path)
    examples = list(title_examples(title, quick([path], "base", negatives=1.0, join=0, swap=0), dice()))
    mayors = [example for example in examples if example.question == "who was the mayor?"]
    assert len(mayors) == 16  # each with a negative
    for own, other in zip(mayors[::2], mayors[1::2], strict=True):
        (span,) = own.spans
        assert other.spans == ()
        assert own.context[span.start : span.end] not in other.context
    bridges = [example for example in examples if "build" in example.question]
    assert all(example.spans for example in bridges)  # every paragraph holds that answer


def test_swapped_names_make_a_question_that_the_context_does_not_answer():
    context, pool = "In May, Ana Ruiz paid $500 to Bob.", ({"Ana Ruiz", "Eve Long", "Bob"}, {"500", "70"})
    rng = dice()
    assert swapped("What did Ana Ruiz pay?", context, pool, rng) == "What did Eve Long pay?"
    assert swapped("Who paid 500 then?", context, pool, rng) == "Who paid 70 then?"
    assert swapped("Who paid?", context, pool, rng) is None
    assert names("Yes. There sat Ana Ruiz and 1,200 men. Then came Bob.") == ({"Ana Ruiz", "Bob"}, {"1,200"})


def test_sentences_of_a_title_become_contexts(tmp_path):
    sentences = [f"Sentence {n} is about thing{n}." for n in range(8)]
    paragraphs = [
        {"context": text, "qas": [{"id": text, "question": "what?", "answers": answer(text, f"thing{n}")}]}
        for n, text in enumerate(sentences)
    ]
    (title,) = load_titles(write(tmp_path / "qamr.json", [{"title": "t", "paragraphs": paragraphs}]))
    made = merged(title, dice())
    assert [paragraph.context for paragraph in made.paragraphs] == [" ".join(sentences[:6]), " ".join(sentences[6:])]
    quotes = [p.context[s.start : s.end] for p in made.paragraphs for q in p.questions for s in q.spans]
    assert quotes == [f"thing{n}" for n in range(8)]


def test_a_neighbour_that_is_too_long_is_left_out():
    rng = dice()
    assert with_neighbour(["a" * 2000, "b"], 1, rng) == ("b", 0)
    assert with_neighbour(["alone"], 0, rng) == ("alone", 0)
    assert {with_neighbour(["one", "two", "three"], 1, rng) for _ in range(40)} == {
        ("one\n\ntwo", 5),
        ("two\n\nthree", 0),
    }


def test_answers_that_are_not_where_the_file_says_are_left_out(tmp_path):
    wrong = {"text": "Bob", "answer_start": 3}
    qas = [
        {"id": 1, "question": "who?", "answers": [wrong, {"text": "Ana", "answer_start": 0}]},
        {"id": 2, "question": "whom?", "answers": [wrong]},
    ]
    entries = [{"paragraphs": [{"context": "Ana met Eve.", "qas": qas}]}]
    (title,) = load_titles(write(tmp_path / "x.json", entries))
    assert [question.text for question in title.paragraphs[0].questions] == ["who?"]
    entries[0]["paragraphs"][0]["qas"] = qas[1:]
    with pytest.raises(InputError, match="no questions to learn from"):
        load_titles(write(tmp_path / "x.json", entries))


def test_a_mere_pronoun_is_no_answer_to_learn(tmp_path):
    they, guards = {"text": "They", "answer_start": 0}, {"text": "the guards", "answer_start": 20}
    qas = [
        {"id": 1, "question": "who slept?", "answers": [they, guards]},
        {"id": 2, "question": "who snored?", "answers": [they]},
    ]
    entries = [{"paragraphs": [{"context": "They slept. So said the guards.", "qas": qas}]}]
    (title,) = load_titles(write(tmp_path / "x.json", entries))
    assert [(q.text, [(s.start, s.end) for s in q.spans]) for q in title.paragraphs[0].questions] == [
        ("who slept?", [(20, 30)])
    ]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"data": [{}]}', b"\x1f\x8bnot gzip", b"\xff\xfe"])
def test_files_that_are_no_question_sets(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(InputError, match="not a SQuAD file"):
        load_titles(tmp_path / "x.json")
    with pytest.raises(InputError, match="no such file"):
        load_titles(tmp_path / "y.json")


def test_too_little_is_left(tmp_path):
    with pytest.raises(InputError, match="0 questions are left after 1 of 1 titles"):
        examples_of(tmp_path, [entry(titles(1, kept_for_calibration=True)[0])])


def test_target_tokens_reproduce_the_answers(tmp_path, windower):
    examples = examples_of(tmp_path, [entry(title) for title in titles(2)], negatives=0.5)
    features = make_features(examples, windower, dice())
    vocabulary = windower.tokenizer
    seen = set()
    for feature in features:
        for start, end, _ in feature.spans:
            pieces = vocabulary.convert_ids_to_tokens(feature.inputs["input_ids"][start : end + 1].tolist())
            seen.add(("".join(pieces).replace("##", ""), feature.answered))
    assert seen == {(word, True) for word in ("arl", "bem", "cid", "dov", "eno", "bridge")} | {("[CLS]", False)}


def test_of_a_long_context_few_windows_without_the_answer_are_kept(windower):
    from qa.training.examples import Example
    from qa.training.squad import Span

    context = "y " * 700 + "bell " + "y " * 700
    features = make_features([Example("what?", context, (Span(1400, 1404, 1),))], windower, dice())
    assert [feature.answered for feature in features].count(False) == 1
    assert any(feature.answered for feature in features)


def test_windows_that_cut_an_answer_in_two_are_left_out(windower):
    from qa.training.examples import Example
    from qa.training.squad import Span
    from qa.windows import Context

    context = "y " * 400
    first, second = windower.windows("what?", [Context(context)])
    edge = int(first.offsets[first.in_context].max())
    answer = Span(edge - 11, edge + 10, 1)
    assert second.offsets[second.in_context].min() < answer.start
    (feature,) = make_features([Example("what?", context, (answer,))], windower, dice())
    assert feature.answered
    assert len(feature) == len(second)


def test_soft_targets_are_the_shares_of_the_annotators(windower):
    from qa.training.examples import Example
    from qa.training.squad import Span

    spans = (Span(0, 7, 3), Span(4, 7, 1))
    features = make_features([Example("who?", "Ana Eve met", spans), Example("why?", "Ana met", ())], windower, dice())
    starts, ends = soft_targets(features, max(map(len, features)) + 5)
    assert np.allclose(starts.sum(-1), 1)
    assert np.allclose(ends.sum(-1), 1)
    assert sorted(starts[0][starts[0] > 0]) == [0.25, 0.75]
    assert ends[0].max() == 1
    assert starts[1, 0] == ends[1, 0] == 1


def test_batches_hold_every_window_once_and_keep_to_the_budget():
    rng = dice()
    lengths = [rng.randint(5, 120) for _ in range(5000)]
    batches = one_pass(lengths, 1000, "0")
    assert sorted(at for batch in batches for at in batch) == list(range(5000))
    assert max(len(batch) * max(lengths[at] for at in batch) for batch in batches) <= 1000
    padded = sum(len(batch) * max(lengths[at] for at in batch) for batch in batches)
    assert padded < 1.1 * sum(lengths)


def test_the_order_is_that_of_the_seed():
    lengths = list(range(10, 60))
    one, same, other = endless(lengths, 200, 1), endless(lengths, 200, 1), endless(lengths, 200, 2)
    first = [next(one) for _ in range(80)]
    assert first == [next(same) for _ in range(80)]
    assert first != [next(other) for _ in range(80)]
    passes = len(one_pass(lengths, 200, "1-0"))
    assert first[:passes] != first[passes : 2 * passes]


def test_padding_and_digest(tmp_path, windower):
    features = make_features(examples_of(tmp_path, [entry(titles(1)[0])]), windower, dice())
    batch = collate(features[:3], 9)
    for row, feature in enumerate(features[:3]):
        assert batch["attention_mask"][row].sum() == len(feature)
        assert (batch["input_ids"][row, len(feature) :] == 9).all()
        assert np.array_equal(batch["token_type_ids"][row, : len(feature)], feature.inputs["token_type_ids"])
    assert digest(features) == digest(list(features))
    assert digest(features) != digest(features[1:])


def test_of_a_long_paragraph_the_sentences_around_the_answer_are_kept():
    begin = SENTENCES.index("four")
    asked = Question("Which says little?", (Span(begin, begin + 4, 1),))
    kept = {cropped(asked, SENTENCES, 80, dice(seed)) for seed in range(20)}
    assert len(kept) > 1, "the answer is always at the same place"
    for text, start in kept:
        assert SENTENCES[start : start + len(text)] == text
        assert "four" in text
        assert len(text) <= 80
        assert text.startswith("Sentence")
        assert text.endswith(".")


def test_without_an_answer_the_sentence_most_like_the_question_is_kept():
    asked = Question("Is six big?", ())
    assert "six" in cropped(asked, SENTENCES, 50, dice())[0]
    assert cropped(asked, SENTENCES, 5000, dice()) == (SENTENCES, 0)


def test_cropped_examples_keep_their_answers(tmp_path):
    file = write(tmp_path / "towns.json", [entry(title) for title in titles(3)])
    plain = quick([file], "", negatives=0, swap=0, join=0)
    whole, short = (load_examples([file], replace(plain, crop=crop), dice()) for crop in (0, 16))
    assert sum(len(example.context) for example in short) < 0.6 * sum(len(example.context) for example in whole)
    wholes, shorts = ([quotes(example) for example in examples] for examples in (whole, short))
    assert wholes == shorts
    assert {"Arl", "bridge"} < set().union(*shorts)


def quotes(example):
    return {example.context[span.start : span.end] for span in example.spans}
