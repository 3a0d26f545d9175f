"""A hook of mkdocs: draw the timeline of an instrument into its page as the site is built.

The picture stands in the page, so that it follows the reader's choice of light
or dark and the repository holds no copy of it.
"""

from __future__ import annotations

import re
from typing import Any

from sluicegate.adapters.pictures import Frame, timeline_frame, timeline_picture
from sluicegate.adapters.pictures.style import themed_style
from sluicegate.core.phrases import Language
from sluicegate.rules.loading import shipped_book

PLACE = re.compile(r"<!-- timeline: (\S+) -->")
LIGHT, DARK = (f'[data-md-color-scheme="{name}"]' for name in ("default", "slate"))


def on_page_content(html: str, **_rest: Any) -> str:
    """Return a page's HTML with its timelines drawn."""
    if not PLACE.search(html):
        return html
    style = f"<style>{themed_style(LIGHT, DARK)}\n.sg-picture{{width:100%;height:auto}}</style>"
    return style + PLACE.sub(lambda found: drawn(found[1]), html)


def drawn(identifier: str) -> str:
    """Return the picture of an instrument as a part of a page."""
    one = shipped_book().instrument(identifier)
    frame = timeline_frame(one, Language.EN)
    inside = Frame(frame.title, frame.description, frame.name, stands_alone=False)
    return f"<div>{timeline_picture(one, inside, Language.EN)}</div>"
