"""Elements of SVG as text, escaped and fitted to a width."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from sluicegate.adapters.pictures.style import stylesheet

_UNFIT_FOR_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WIDE = 1.0
_NARROW = 0.56
_CAPITAL = 0.72
_MARGIN = 1e7
_CACHED_SIGNS = 8_192


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture stands where it is shown.

    `title` and `description` are for those who do not see it; `name` begins
    every id, so that several pictures fit in one page. A picture that stands
    alone brings its own colours, others take those of the page.
    """

    title: str
    description: str
    name: str = "picture"
    stands_alone: bool = True


def clean(text: str) -> str:
    """Replace what XML cannot hold (control characters, half surrogates) by U+FFFD."""
    return _UNFIT_FOR_XML.sub("\ufffd", text)


def number(value: float) -> str:
    """Write a coordinate in pixels with at most two digits after the point."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no coordinate; a scale lets through what it should clamp")
    return f"{min(max(value, -_MARGIN), _MARGIN):.2f}".rstrip("0").rstrip(".")


def element(tag: str, *children: str, **attributes: str | float | None) -> str:
    """Return one element; `class_` is written as class, `_` in names as `-`.

    Children are markup already; attributes are escaped here.

    >>> element("line", x1=0, class_="grid"), element("g", "x")
    ('<line x1="0" class="grid"/>', '<g>x</g>')
    """
    parts = [tag]
    for name, value in attributes.items():
        if value is None:
            continue
        shown = clean(value) if isinstance(value, str) else number(value)
        parts.append(f'{name.rstrip("_").replace("_", "-")}="{escape(shown, quote=True)}"')
    opening = " ".join(parts)
    return f"<{opening}>{''.join(children)}</{tag}>" if children else f"<{opening}/>"


def label(
    x: float, y: float, text: str, class_: str = "sg-text", *, anchor: str | None = None
) -> str:
    """Return a text at a place; `anchor` is start (default), middle or end."""
    return element(
        "text", escape(clean(text), quote=False), x=x, y=y, class_=class_, text_anchor=anchor
    )


def tooltip(text: str) -> str:
    """Return a title child, which a pointer shows."""
    return element("title", escape(clean(text), quote=False))


def polyline(points: list[tuple[float, float]], class_: str) -> str:
    """Return an open line through points."""
    return element("polyline", points=_pairs(points), class_=class_)


def polygon(points: list[tuple[float, float]], class_: str, *children: str) -> str:
    """Return a closed area."""
    return element("polygon", *children, points=_pairs(points), class_=class_)


def _pairs(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def picture(frame: Frame, width: float, height: float, *children: str) -> str:
    """Return the whole picture with its title, its description and, alone, its colours."""
    style = (element("style", stylesheet(variables=False)),) if frame.stands_alone else ()
    title_id, description_id = f"{frame.name}-title", f"{frame.name}-desc"
    return element(
        "svg",
        element("title", escape(clean(frame.title), quote=False), id=title_id),
        element("desc", escape(clean(frame.description), quote=False), id=description_id),
        *style,
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width if frame.stands_alone else None,
        height=height if frame.stands_alone else None,
        role="img",
        class_="sg-picture",
        aria_labelledby=f"{title_id} {description_id}",
    )


def text_width(text: str, size: float = 12) -> float:
    """Return about how wide a text is, in pixels, at a font size in pixels."""
    return size * sum(map(_advance, text))


@lru_cache(maxsize=_CACHED_SIGNS)
def _advance(char: str) -> float:
    """Return how wide a character is, in parts of the font size."""
    if unicodedata.east_asian_width(char) in "WF" or char in "MW":
        return _WIDE
    if unicodedata.combining(char):
        return 0
    return _CAPITAL if char.isupper() else _NARROW


def fit(text: str, width: float, size: float = 12) -> str:
    """Shorten a text to a width, with an ellipsis where something is left out.

    >>> fit("Aurora Compute Holdings", 60), fit("Aurora", 60)
    ('Aurora…', 'Aurora')
    """
    text = " ".join(clean(text).split())
    if text_width(text, size) <= width:
        return text
    room = width - text_width("…", size)
    return _longest_start(text, room, size).rstrip() + "…"


def wrap(text: str, width: float, lines: int, size: float = 12) -> list[str]:
    """Break a text into at most some lines of a width; the last one is shortened to fit.

    >>> wrap("Aurora Compute Holdings of Northland", 100, 2), wrap("北方算力控股集团", 60, 2)
    (['Aurora Compute', 'Holdings of N…'], ['北方算力控', '股集团'])
    """
    rest = " ".join(clean(text).split())
    broken: list[str] = []
    while len(broken) < lines - 1 and text_width(rest, size) > width:
        kept = _longest_start(rest, width, size)
        space = kept.rfind(" ")
        if space > 0 and rest[len(kept)] != " ":
            kept = kept[:space]
        broken.append(kept.rstrip())
        rest = rest[len(kept) :].lstrip()
    return [*broken, fit(rest, width, size)]


def _longest_start(text: str, width: float, size: float) -> str:
    """Return the longest beginning that fits, of one character at least."""
    taken = 0.0
    for end, char in enumerate(text):
        taken += _advance(char)
        if end and size * taken > width:
            return text[:end]
    return text
