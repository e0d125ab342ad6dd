"""A conversation: questions that lean on the ones before them, each with what it was taken to mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from index.errors import UsageError
from qa.answer import Answer
from qa.calibration import checked_mode
from qa.inputs import article_ids, checked_question
from qa.interpretation import Interpretation, said, understand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.article import Article
    from qa.library import Library


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a conversation and its answer.

    Attributes:
        question: As typed.
        understood: As the reader was asked.
        answer: To the question as understood.
        interpretations: All that was considered, most expected first; the literal question is always among them
            unless the user said what is meant.
    """

    question: str
    understood: str
    answer: Answer
    interpretations: tuple[Interpretation, ...]

    @property
    def rewritten(self) -> bool:
        """Whether the reader was asked something other than what was typed."""
        return self.understood != self.question

    def to_dict(self) -> dict[str, Any]:
        """Return the turn as JSON-ready values; ``from_dict`` is the inverse."""
        return {
            "question": self.question,
            "understood": self.understood,
            "rewritten": self.rewritten,
            "answer": self.answer.to_dict(),
            "interpretations": [asdict(one) for one in self.interpretations],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Rebuild a turn from its dictionary."""
        considered = tuple(Interpretation(**one) for one in data["interpretations"])
        return cls(data["question"], data["understood"], Answer.from_dict(data["answer"]), considered)


class Conversation:
    """Questions and answers in which "and when?" asks about what came before; made by ``Library.chat``.

    A question that stands alone is asked as typed. Of one that does not, rules make what it may mean from the turns
    before, each meaning is read, and the one is taken that the reader is surest of where the rules expect it.

    Args:
        library: Which is asked.
        articles: Which of its articles (or their ids); by default all.
        mode: As for ``Library.ask``; the attribute may be set to another, for the questions from then on.
        top_k: As for ``Library.ask``.

    Raises:
        UsageError: There is no such mode.
    """

    def __init__(
        self,
        library: Library,
        articles: Iterable[str | Article] | str | Article | None = None,
        mode: str = "balanced",
        top_k: int = 8,
    ) -> None:
        self.mode = checked_mode(mode)
        self._library = library
        self._articles = article_ids(articles)
        self._top_k = top_k
        self._turns: list[Turn] = []

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns since the beginning or the last ``reset``."""
        return tuple(self._turns)

    def ask(self, question: str, understood: str | None = None) -> Turn:
        """Answer a question, completed from the turns before where it needs them, and remember the turn.

        Args:
            question: As typed.
            understood: What it means; by default that is found out.

        Raises:
            UsageError: As for ``Library.ask``; the conversation is as before.
        """
        turn = self._answer(question, understood, self._turns)
        self._turns.append(turn)
        return turn

    def revise(self, understood: str) -> Turn:
        """Ask the last question again with this meaning, in place of the last turn.

        Raises:
            UsageError: There is no turn yet, or as for ``Library.ask``; the conversation is as before.
        """
        if not self._turns:
            raise UsageError("Nothing has been asked yet: ask a question first.")
        self._turns[-1] = self._answer(self._turns[-1].question, understood, self._turns[:-1])
        return self._turns[-1]

    def undo(self) -> Turn:
        """Ask the last question in the words it was typed in, in place of the last turn.

        Raises:
            UsageError: There is no turn yet.
        """
        return self.revise(self._turns[-1].question if self._turns else "")

    def reset(self) -> None:
        """Forget all turns."""
        self._turns.clear()

    def to_dict(self) -> dict[str, Any]:
        """Return the conversation as JSON-ready values; ``restore`` takes them back."""
        return {
            "articles": self._articles,
            "mode": self.mode,
            "top_k": self._top_k,
            "turns": [turn.to_dict() for turn in self._turns],
        }

    @classmethod
    def restore(cls, library: Library, data: dict[str, Any]) -> Self:
        """Rebuild a conversation with a library from what ``to_dict`` returned."""
        conversation = cls(library, data["articles"], data["mode"], data["top_k"])
        conversation._turns += map(Turn.from_dict, data["turns"])
        return conversation

    def _answer(self, question: str, meant: str | None, before: list[Turn]) -> Turn:
        found = understand(
            question,
            meant,
            [said(turn.understood, turn.answer) for turn in before],
            lambda questions: self._library.read_many(questions, self._articles, self._top_k),
            lambda reading: self._library.decide(reading, self.mode),
        )
        return Turn(checked_question(question), found.question, found.answer, found.considered)
