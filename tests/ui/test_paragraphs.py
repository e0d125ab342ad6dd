"""Texts that are wrapped by hand: every line is compared with the one before it, whatever ends it."""

import pytest

from ui.paragraphs import blocks

LINES = [
    "The harbour was opened on Monday by the mayor of the town, who had",
    "waited for that day for eleven years and said so in a speech that",
    "was short.",
    "The rain came down all the while, and those who had not brought an",
    "umbrella stood under the roof of the market until the band came by",
    "at two.",
]
STARTS = [LINES[0], LINES[3]]  # after a line that is not full


@pytest.mark.parametrize("ends", [["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r"]], ids=repr)
@pytest.mark.parametrize("indent", [0, 4, 40])
def test_a_line_goes_on_after_one_that_is_full_without_its_indent(ends: list[str], indent: int) -> None:
    text = "".join(" " * indent + line + ends[number % len(ends)] for number, line in enumerate(LINES))
    found = [text[block.start : block.end] for block in blocks(text)]
    assert [" ".join(block.split()) for block in found] == [" ".join(LINES[:3]), " ".join(LINES[3:])]
    assert [block.splitlines()[0] for block in found] == STARTS


class Watched(str):
    """A text that counts how many characters are looked at in search of a sign."""

    looked_at = 0

    def rfind(self, sign: str, *bounds: int) -> int:
        found = super().rfind(sign, *bounds)
        Watched.looked_at += bounds[1] - max(found, bounds[0])
        return found


def test_no_line_looks_back_over_the_whole_text() -> None:
    text = Watched("\n".join(LINES[:2] * 100))
    assert len(blocks(text)) == 1
    assert Watched.looked_at <= len(text)
