"""What follows from the settings of casework and of due diligence, by facts."""

from __future__ import annotations

import pytest

from setting_cases import SettingCase, setting_cases
from sluicegate.rules.loading import shipped_book


@pytest.mark.parametrize("case", setting_cases(), ids=lambda one: one.name)
def test_the_settings_decide_as_written_down(case: SettingCase) -> None:
    assert case.answer(shipped_book()) == case.expected
