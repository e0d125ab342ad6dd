"""Drawing in SVG: elements whose content is escaped, and a chart's frame with its scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WIDTH, HEIGHT = 420, 300


def element(tag: str, content: Iterable[Markup] | str = "", **attributes: object) -> Markup:
    """Return an SVG element; ``class_`` stands for ``class`` and an underscore in an attribute for a hyphen."""
    named = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _short(value))
        for name, value in attributes.items()
    )
    inside = Markup("{}").format(content) if isinstance(content, str) else Markup("").join(content)
    return Markup("<{0}{1}>{2}</{0}>").format(tag, named, inside)


def drawing(label: str, parts: Iterable[Markup], height: float = HEIGHT) -> Markup:
    """Return a whole drawing of the usual width; the label says what it shows to those who cannot see it."""
    return element("svg", parts, class_="plot", viewBox=f"0 0 {WIDTH} {height:g}", role="img", aria_label=label)


def text(x: float, y: float, content: str, anchor: str = "middle", class_: str = "tick") -> Markup:
    """Return a line of text at a point of its base line."""
    return element("text", content, x=x, y=y, text_anchor=anchor, class_=class_)


def polyline(points: Sequence[tuple[float, float]], class_: str) -> Markup:
    """Return a line through points."""
    return element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=class_)


def titled(shape: str, title: str, **attributes: object) -> Markup:
    """Return a shape that shows its title when it is pointed at."""
    return element(shape, [element("title", title)], **attributes)


@dataclass(frozen=True, slots=True)
class Frame:
    """The area that values are drawn in, and the greatest value on either axis; both begin at 0.

    Attributes:
        left, top, right, bottom: Edges of the area.
    """

    most_x: float
    most_y: float
    left: float = 58
    top: float = 14
    right: float = WIDTH - 20
    bottom: float = HEIGHT - 44

    def x(self, value: float) -> float:
        """Return where a value lies from left to right."""
        return self.left + (self.right - self.left) * value / self.most_x

    def y(self, value: float) -> float:
        """Return where a value lies from bottom to top."""
        return self.bottom - (self.bottom - self.top) * value / self.most_y

    def axes(self, x_ticks: dict[float, str], y_ticks: dict[float, str], x_title: str, y_title: str) -> list[Markup]:
        """Return grid lines with their labels, and what the axes stand for."""
        parts = [
            element("line", x1=self.left, x2=self.right, y1=self.y(at), y2=self.y(at), class_="grid" if at else "axis")
            for at in y_ticks
        ]
        parts += [text(self.left - 7, self.y(at) + 4, label, "end") for at, label in y_ticks.items()]
        parts += [text(self.x(at), self.bottom + 17, label) for at, label in x_ticks.items()]
        parts.append(text((self.left + self.right) / 2, self.bottom + 36, x_title, class_="title"))
        middle = (self.top + self.bottom) / 2
        turned = f"rotate(-90 12 {middle:g})"
        parts.append(element("text", y_title, x=12, y=middle, transform=turned, text_anchor="middle", class_="title"))
        return parts


def ticks(most: float, wanted: int = 5) -> list[float]:
    """Return round numbers from 0 to at least the greatest value, about as many as wanted."""
    step = 10.0**-6
    sizes = (1, 2, 5)
    number = 0
    while step * wanted < most:
        number += 1
        step = sizes[number % 3] * 10.0 ** (number // 3 - 6)
    count = 0
    found = [0.0]
    while found[-1] < most:
        count += 1
        found.append(round(count * step, 9))
    return found


def _short(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
