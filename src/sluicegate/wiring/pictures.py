"""Pictures for pages: they take their colours from the page and bring no style of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sluicegate.adapters.pictures import PAGE_STYLE, timeline_frame, timeline_picture
from sluicegate.adapters.pictures.style import DARK, LIGHT
from sluicegate.core.phrases import Language
from sluicegate.rules.instruments import Instrument


def picture_style() -> str:
    """Return the style of all pictures: by the reader's system, or as the page says.

    A page says it with `data-theme="light"` or `data-theme="dark"` on its root.
    On paper every picture is light.
    """
    light, dark = _variables(LIGHT), _variables(DARK)
    return (
        f"{PAGE_STYLE}\n"
        f':root[data-theme="light"]{{{light}}}\n'
        f'@media screen{{:root[data-theme="dark"]{{{dark}}}}}\n'
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--sg-{name}:{colour};" for name, colour in colours.items())


def instrument_picture(one: Instrument, language: Language, known_on: date | None = None) -> str:
    """Draw an instrument over time as a picture for a page: an `svg` element."""
    frame = replace(timeline_frame(one, language), stands_alone=False)
    return timeline_picture(one, frame, language, known_on)


def instrument_sentence(one: Instrument, language: Language) -> str:
    """Say what the picture of an instrument shows."""
    return timeline_frame(one, language).description
