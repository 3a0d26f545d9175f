"""No page in Chinese shows English words, but for names, codes and citations."""

from __future__ import annotations

import pytest

from chinese_pages import SHOWN, WORD, english
from console import EVERY_ROLE, Reader, Visits
from console_paths import ANSWERS, OPEN_PATHS, PATHS, filled
from sluicegate.core.phrases import Language

pytestmark = pytest.mark.service("chromium")

STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"
"""The status with which the page was answered."""


@pytest.mark.parametrize("path", [*PATHS, *OPEN_PATHS])
def test_a_chinese_page_is_chinese(visits: Visits, path: str) -> None:
    role = "" if path in OPEN_PATHS else EVERY_ROLE
    page = visits.open(filled(path, visits.console), Reader(role, Language.ZH))
    assert page.evaluate(STATUS) == ANSWERS.get(path, 200), "a problem was read for the page"
    shown = page.evaluate(SHOWN)
    found = english(shown)
    assert [line for line in shown.splitlines() if found & set(WORD.findall(line))] == []


def test_an_english_word_is_seen() -> None:
    assert english("规则 Rules eu.ai_act 1.5e26 （US）FLOP") == {"Rules"}
