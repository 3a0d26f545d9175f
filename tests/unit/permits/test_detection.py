"""Detection by sampling: the two questions agree, at any size, and refuse certainty."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.exact import dump_json
from sluicegate.permits import QUESTIONS
from sluicegate.rules.answers import Asked
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BY_NAME = {question.name: question for question in QUESTIONS}
SHARES = st.decimals(Decimal("0.0001"), 1, places=4)


def asked(name: str, facts: Mapping[str, Any]) -> Asked:
    return ask(BY_NAME[name], facts, as_of="2026-03-01", book=shipped_book())


def probability(share: Any, size: int) -> Any:
    facts = {"hidden_fraction": share, "sample_size": size}
    return asked("detection_probability", facts).answer["probability"]


def sample_size(share: Any, target: Any) -> int:
    facts = {"hidden_fraction": share, "target_probability": target}
    size = asked("detection_sample_size", facts).answer["sample_size"]
    assert isinstance(size, int)
    return size


@given(share=SHARES, target=st.decimals(0, Decimal("0.9999"), places=4))
def test_the_sample_reaches_its_target_and_one_draw_less_does_not(
    share: Decimal, target: Decimal
) -> None:
    size = sample_size(share, target)
    assert probability(share, size) >= target
    assert size == 0 or probability(share, size - 1) < target


@given(share=SHARES, low=SHARES, high=SHARES)
def test_a_higher_target_or_a_smaller_share_never_takes_fewer_draws(
    share: Decimal, low: Decimal, high: Decimal
) -> None:
    low, high = sorted((min(low, Decimal("0.9999")), min(high, Decimal("0.9999"))))
    assert sample_size(share, low) <= sample_size(share, high)
    assert sample_size(max(share, low), high) <= sample_size(min(share, low), high)


@pytest.mark.parametrize(
    ("share", "target", "refused"),
    [
        (Decimal("0.9999999999"), 1, True),
        (Decimal("0.5"), Decimal("1.0"), True),
        (1, 1, False),
        (1, 0, False),
        (Decimal("0.5"), Decimal("0.9999999999"), False),
    ],
)
def test_certainty_is_refused_unless_everything_is_hidden(
    share: Any, target: Any, refused: bool
) -> None:
    if not refused:
        assert sample_size(share, target) >= target
        return
    with pytest.raises(BadFactsError) as error:
        sample_size(share, target)
    assert error.value.paths == ["target_probability"]


@pytest.mark.parametrize(
    ("share", "size", "shown"),
    [
        (Decimal("1e-9"), 10**9, "0.632120559012"),
        (Decimal("1e-30"), 10**6, "0.000000000000000000000001"),
        (Decimal("0.5"), 10**12, "1"),
        (Decimal("0.1"), 10**600, "1"),
        (0, 10**600, "0"),
        (1, 0, "0"),
    ],
)
def test_samples_of_any_size_are_answered_at_once(share: Any, size: int, shown: str) -> None:
    facts = {"hidden_fraction": share, "sample_size": size}
    answer = asked("detection_probability", facts)
    assert dump_json(answer.answer_json()["probability"]) == shown


def test_a_large_sample_is_all_but_certain_and_never_said_to_be() -> None:
    answer = asked("detection_probability", {"hidden_fraction": Decimal("0.5"), "sample_size": 999})
    assert answer.answer["probability"] < 1
    assert "certain" not in str(answer.outcome)
    everything = asked("detection_probability", {"hidden_fraction": 1, "sample_size": 1})
    assert "certain" in str(everything.outcome)
