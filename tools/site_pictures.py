"""A hook of mkdocs: draw timelines and lineages into their pages as the site is built.

The picture stands in the page, so that it follows the reader's choice of light
or dark and the repository holds no copy of it.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from sluicegate.adapters.lineage.reading import read_lineages
from sluicegate.adapters.pictures import Frame, timeline_frame, timeline_picture
from sluicegate.adapters.pictures.style import themed_style
from sluicegate.core.phrases import Language
from sluicegate.lineage.accounting import account
from sluicegate.lineage.document import Query
from sluicegate.lineage.tallying import Ground
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lineage.asking import built
from sluicegate.services.lineage.pictured import drawn as drawn_of
from sluicegate.wiring.lineage_pictures import lineage_svg

TIMELINE = re.compile(r"<!-- timeline: (\S+) -->")
LINEAGE = re.compile(r"<!-- lineage: (\S+) (\S+) -->")
EXAMPLES = Path(__file__).resolve().parents[1] / "docs" / "examples" / "lineage"
DAY = date(2026, 11, 22)
"""The day on which worked lineages are counted, as on their page."""
LIGHT, DARK = (f'[data-md-color-scheme="{name}"]' for name in ("default", "slate"))


def on_page_content(html: str, **_rest: Any) -> str:
    """Return a page's HTML with its pictures drawn."""
    if not (TIMELINE.search(html) or LINEAGE.search(html)):
        return html
    style = f"<style>{themed_style(LIGHT, DARK)}\n.sg-picture{{width:100%;height:auto}}</style>"
    html = TIMELINE.sub(lambda found: drawn(found[1]), html)
    return style + LINEAGE.sub(lambda found: drawn_lineage(found[1], found[2]), html)


def drawn_lineage(name: str, target: str) -> str:
    """Return the picture of a worked lineage as a part of a page."""
    [stated] = read_lineages(EXAMPLES / f"{name}.json").lineages
    query = Query((target,), stated.queries[0].quantity)
    ground = Ground(built(stated), Law(shipped_book(), DAY), query.counting_rule)
    lineage = ground.lineage
    told = account(lineage, query, ground.law)
    svg = lineage_svg(told, drawn_of(ground, told), Language.EN, stands_alone=False)
    return f"<div>{svg}</div>"


def drawn(identifier: str) -> str:
    """Return the picture of an instrument as a part of a page."""
    one = shipped_book().instrument(identifier)
    frame = timeline_frame(one, Language.EN)
    inside = Frame(frame.title, frame.description, frame.name, stands_alone=False)
    return f"<div>{timeline_picture(one, inside, Language.EN)}</div>"
