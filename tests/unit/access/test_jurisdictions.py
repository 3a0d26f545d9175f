"""Every instrument belongs to one jurisdiction, and each has a name in both languages."""

from __future__ import annotations

import re

import pytest

from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.jurisdictions import (
    is_jurisdiction,
    jurisdiction_label,
    jurisdiction_of,
    jurisdictions,
)

CJK = re.compile(r"[\u4e00-\u9fff]")
BOOK = shipped_book()


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ("us.nprm_702", "US"),
        ("us_ca.sb53", "US-CA"),
        ("us_ny.raise_2026", "US-NY"),
        ("eu.gpai.systemic_risk.training_compute", "EU"),
        ("uk.voluntary_testing", "GB"),
        ("cn.generative_ai_measures", "CN"),
        ("kr.ai_basic_act", "KR"),
        ("aisi.jp", "JP"),
        ("aisi.eu", "EU"),
        ("aisi.network", "INT"),
        ("fatf.recommendations", "INT"),
        ("kthf.risk_tiers", "PROPOSAL"),
        ("paper.shavit_2023", "PROPOSAL"),
        ("assess", "OWN"),
        ("assess.kyc", "OWN"),
        ("local.quarterly_review", "OWN"),
        ("nobody.knows_this", "OWN"),
        ("", "OWN"),
    ],
)
def test_the_first_segments_of_an_id_tell_the_jurisdiction(identifier: str, code: str) -> None:
    assert jurisdiction_of(identifier) == code


@pytest.mark.parametrize("instrument", sorted(BOOK.instruments))
def test_every_shipped_instrument_has_a_jurisdiction_with_two_names(instrument: str) -> None:
    code = jurisdiction_of(instrument)
    label = jurisdiction_label(code)
    assert is_jurisdiction(code)
    assert label.en != code
    assert CJK.search(label.zh), label


@pytest.mark.parametrize("instrument", sorted(BOOK.instruments))
def test_a_jurisdiction_is_the_one_that_the_rule_file_names(instrument: str) -> None:
    named = BOOK.instruments[instrument].jurisdiction
    if named:
        assert jurisdiction_of(instrument) == {"international": "INT"}.get(named, named)


def test_only_own_rules_are_named_by_no_list() -> None:
    own = {one.partition(".")[0] for one in BOOK.instruments if jurisdiction_of(one) == "OWN"}
    assert own == {"assess"}


def test_what_a_first_segment_stands_for_is_a_jurisdiction() -> None:
    assert jurisdictions() == tuple(sorted(set(jurisdictions())))
    assert [code for code in jurisdictions() if not is_jurisdiction(code)] == []
    assert not is_jurisdiction("ZZ")
    assert jurisdiction_label("ZZ").zh == "ZZ"
