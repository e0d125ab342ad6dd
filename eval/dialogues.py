"""Follow-up questions: what a conversation makes of them, against the words as typed and a person's rewriting.

    python -m eval.dialogues [--mode MODE] [--reader MODEL] [--json | --missed]

Every dialogue is held from its first question to its last with the answers that the conversation itself gave, so that
an error counts for all that follows from it. The rules were tuned on the development half; the report half is for
figures.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eval.datasets import DIALOGUES
from eval.groups import QUESTION_TYPES, question_type
from eval.metrics import is_right
from eval.recovery import SYSTEMS, recovery
from index.progress import progress
from qa import Article, Library
from qa.calibration import MODES
from qa.squad import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from eval.recovery import Score

HALVES = ("development", "report")
KINDS = ("question word", "ellipsis", "pronoun", "demonstrative", "topic change")  # of follow-ups


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """A question of a dialogue.

    Attributes:
        question: As typed.
        rewrite: The same as a person would ask it on its own.
        kind: One of ``KINDS``, by how it leans on what came before, or "opening".
        answers: Accepted texts; none means that the article does not say.
        starts: Offset of each in the article.
    """

    question: str
    rewrite: str
    kind: str
    answers: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions about an article, each of which may lean on those before it."""

    id: str
    article: Article
    turns: tuple[DialogueTurn, ...]

    @property
    def half(self) -> str:
        """Development when the number at the end of the id is odd, report when it is even."""
        return HALVES[int(self.id.rpartition("-")[2]) % 2 == 0]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of a turn that is not the first of its dialogue.

    Attributes:
        understood: What the conversation took the question to mean.
        given: The answer by system; empty when it declined.
    """

    dialogue: Dialogue
    turn: DialogueTurn
    understood: str
    given: dict[str, str]

    def right(self, system: str) -> bool:
        """Return whether a system answered rightly, or rightly declined."""
        return is_right(self.given[system], self.turn.answers)

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that it is scored with."""
        said = "answerable" if self.turn.answers else "unanswerable"
        return ("all", said, self.turn.kind, question_type(self.turn.rewrite))


def load_dialogues(path: Path = DIALOGUES) -> list[Dialogue]:
    """Read a file of dialogues: SQuAD's format with ``dialogues`` of ``turns`` in place of ``qas``.

    Raises:
        InputError: It is not such a file.
    """
    with reading(path):
        return [
            Dialogue(entry["id"], article, tuple(map(_turn, entry["turns"])))
            for title in json.loads(path.read_bytes())["data"]
            for paragraph in title["paragraphs"]
            for article in [Article.of(paragraph["context"], title["title"])]
            for entry in paragraph["dialogues"]
        ]


def hold(dialogues: Sequence[Dialogue], library: Library, mode: str = "balanced") -> Iterator[FollowUp]:
    """Hold dialogues with a library that has their articles, and yield their follow-ups in order."""
    for dialogue in dialogues:
        conversation = library.chat(dialogue.article, mode)
        held = [conversation.ask(turn.question) for turn in dialogue.turns]
        asked = [text for turn in dialogue.turns for text in (turn.question, turn.rewrite)]
        answers = [answer.text for answer in library.ask_many(asked, dialogue.article, mode)]
        for at, turn in enumerate(dialogue.turns[1:], 1):
            texts = (answers[2 * at], held[at].answer.text, answers[2 * at + 1])
            yield FollowUp(dialogue, turn, held[at].understood, dict(zip(SYSTEMS, texts, strict=True)))


def score(follow_ups: Sequence[FollowUp]) -> dict[str, dict[str, Score]]:
    """Return the score of every group that has follow-ups, by half."""
    scores: dict[str, dict[str, Score]] = {}
    for half in HALVES:
        chosen = [one for one in follow_ups if one.dialogue.half == half]
        found = sorted({group for one in chosen for group in one.groups}, key=_place)
        scores[half] = {group: _scored([one for one in chosen if group in one.groups]) for group in found}
    return scores


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mode", choices=MODES, default="balanced")
    parser.add_argument("--reader", help="a question-answering model in place of the bundled one")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--missed", action="store_true", help="print the follow-ups of the development half that the"
                        " person's rewriting got right and the conversation did not")  # fmt: skip
    options = parser.parse_args()
    dialogues = load_dialogues()
    if options.missed:
        dialogues = [dialogue for dialogue in dialogues if dialogue.half == HALVES[0]]
    with Library(reader=options.reader) as library:
        library.add_articles(list(dict.fromkeys(dialogue.article for dialogue in dialogues)))
        turns = sum(len(dialogue.turns) - 1 for dialogue in dialogues)
        follow_ups = list(progress(hold(dialogues, library, options.mode), "Conversing", turns))
    if options.missed:
        lines: Iterable[str] = _missed(follow_ups)
    elif options.json:
        lines = [json.dumps(_document(score(follow_ups), options.mode), ensure_ascii=False)]
    else:
        lines = _table(score(follow_ups))
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _turn(entry: dict[str, Any]) -> DialogueTurn:
    texts = tuple(answer["text"] for answer in entry["answers"])
    starts = tuple(answer["answer_start"] for answer in entry["answers"])
    return DialogueTurn(entry["question"], entry["rewrite"], entry["kind"], texts, starts)


def _place(group: str) -> int:
    return ("all", "answerable", "unanswerable", *KINDS, *QUESTION_TYPES).index(group)


def _scored(follow_ups: Sequence[FollowUp]) -> Score:
    right = [[one.right(system) for system in SYSTEMS] for one in follow_ups]
    return recovery(right, [one.dialogue.id for one in follow_ups])


def _document(scores: dict[str, dict[str, Score]], mode: str) -> dict[str, Any]:
    return {"mode": mode} | {
        half: {name: one.to_dict() for name, one in groups.items()} for half, groups in scores.items()
    }


def _table(scores: dict[str, dict[str, Score]]) -> Iterator[str]:
    for half, groups in scores.items():
        yield f"{half:<15}{'asked':>6}" + "".join(f"{system:>22}" for system in SYSTEMS) + f"{'gap recovered':>25}"
        for name, one in groups.items():
            cells = [_cell(one.right[system], one.intervals[system]) for system in SYSTEMS]
            gap = "" if one.recovered is None else _cell(one.recovered, one.intervals["recovered"])
            yield f"{name:<15}{one.total:>6}" + "".join(f"{cell:>22}" for cell in cells) + f"{gap:>25}"
        yield ""


def _cell(value: float, interval: list[float]) -> str:
    return f"{value:.1f} ({interval[0]:.1f} to {interval[1]:.1f})"


def _missed(follow_ups: Sequence[FollowUp]) -> Iterator[str]:
    literal, conversation, person = SYSTEMS
    for one in follow_ups:
        if one.right(person) and not one.right(conversation):
            yield f"{one.dialogue.id}  {one.turn.question}"
            yield f"  understood: {one.understood}  ->  {one.given[conversation] or '(declined)'}"
            yield f"  a person:   {one.turn.rewrite}  ->  {one.given[person] or '(declined)'}"


if __name__ == "__main__":
    main()
