"""The guide through a case names buttons and fields as the console shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sluicegate.core.phrases import terms
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.jurisdictions import jurisdiction_label, jurisdictions
from sluicegate.services.casework.forms import shipped_forms
from sluicegate.services.detectors import TITLES

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "src/sluicegate/data/locale/zh/LC_MESSAGES/console.po"
NAMES = {"suspicion", "CSV", "JSON", "中文", "English"}
"""What the guide sets apart that is no word of the console."""


def shown(language: str) -> set[str]:
    """Return every word that a page can show in a language, without regard to capitals."""
    with CATALOGUE.open("rb") as file:
        messages = list(read_po(file, locale="zh"))
    words = {str(one.id if language == "en" else one.string) for one in messages}
    words |= {str(one[language]) for one in terms().values()}
    titles = [
        *(one.title for one in shipped_book().thresholds.values()),
        *(one.title for one in shipped_forms().values()),
        *TITLES.values(),
        *map(jurisdiction_label, jurisdictions()),
    ]
    words |= {getattr(one, language) for one in titles}
    return {one.casefold() for one in words}


@pytest.mark.parametrize(
    ("language", "name", "marked"),
    [
        ("en", "work-a-case.md", r"(?<!\*)\*([^*\n]+)\*(?!\*)"),
        ("zh", "work-a-case.zh.md", r"“([^”\n]+)”"),
    ],
)
def test_the_guide_names_what_the_console_shows(language: str, name: str, marked: str) -> None:
    said = set(re.findall(marked, (ROOT / "docs" / name).read_text(encoding="utf-8"))) - NAMES
    assert len(said) > 20
    words = shown(language)
    assert sorted(one for one in said if one.casefold() not in words) == []
