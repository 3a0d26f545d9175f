"""How certain a finding is, in words that nobody takes for the judgement of a person."""

from __future__ import annotations

from sluicegate.cases.case import Judgement
from sluicegate.core.phrases import Language, term
from sluicegate.services.findings import Certainty


def test_what_figures_say_is_not_called_as_what_a_person_judged() -> None:
    for language in Language:
        labels = {one.label(language) for one in Certainty}
        assert len(labels) == len(Certainty)
        assert term(Judgement.CLEARED.value, language) not in labels


def test_a_finding_below_its_threshold_is_called_not_passed() -> None:
    assert Certainty.CLEARED.label(Language.EN) == "not passed"
    assert Certainty.CLEARED.label(Language.ZH) == "未超过"
