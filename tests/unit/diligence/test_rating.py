"""Risk and purpose: points, bands, and use against what was declared, each at its edges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moved_parameters import moved
from sluicegate.core.estimates import Estimate, Method
from sluicegate.core.quantities import Exact, Flop
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.file import Band, Purpose
from sluicegate.kyc.diligence.purpose import Use, compare, declared_purpose
from sluicegate.kyc.diligence.rating import Factor, Reckoned, is_above, reckon
from sluicegate.kyc.diligence.settings import OWN, SHIPPED, DiligenceRules
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book

DAY = date(2026, 6, 30)
BOOK = shipped_book()
RULES = DiligenceRules(Law(BOOK, DAY))
FACTORS = st.sets(st.sampled_from(list(Factor)))


def rules(book: RuleBook = BOOK) -> DiligenceRules:
    return DiligenceRules(Law(book, DAY))


def rated(factors: Collection[Factor], book: RuleBook = BOOK) -> Reckoned:
    return reckon([(one, say("found")) for one in factors], rules(book), DAY)


def use(total: Exact, training: Exact = 0, declared: Exact = 0) -> Use:
    figure = None if not total else Estimate(total, total, total, total, Method.TELEMETRY)
    return Use(figure, training, 1 if training else 0, declared)


@pytest.mark.parametrize("factor", list(Factor))
def test_every_factor_has_a_weight_that_counts(factor: Factor) -> None:
    assert rated([factor]).points == RULES.weight(factor.value) > 0
    name = f"{SHIPPED}.weight.{factor.value}"
    assert rated([factor], moved(BOOK, name, 40)).band is Band.HIGH


@given(FACTORS, FACTORS)
def test_more_factors_never_lower_the_risk(some: set[Factor], more: set[Factor]) -> None:
    assert not is_above(rated(some).band, rated(some | more).band)


@given(FACTORS)
def test_the_points_are_those_of_the_factors_and_each_counts_once(some: set[Factor]) -> None:
    twice = [(one, say("found")) for one in (*some, *some)]
    found = reckon(twice, RULES, DAY)
    assert found.points == sum(RULES.weight(one.value) for one in some)
    assert [one.factor for one in found.factors] == [one for one in Factor if one in some]


@pytest.mark.parametrize(
    ("points", "band"),
    [(0, Band.LOW), (2, Band.LOW), (3, Band.MEDIUM), (5, Band.MEDIUM), (6, Band.HIGH)],
)
def test_a_band_begins_exactly_at_its_points(points: int, band: Band) -> None:
    book = moved(BOOK, f"{SHIPPED}.weight.items_missing", points)
    assert rated([Factor.ITEMS_MISSING], book).band is band


@pytest.mark.parametrize(
    ("factors", "review_by"),
    [
        ([], date(2029, 6, 30)),
        ([Factor.PURPOSE_DIFFERS], date(2027, 6, 30)),
        ([Factor.LISTED_OWNER], date(2026, 12, 30)),
    ],
)
def test_the_next_review_follows_from_the_band(factors: list[Factor], review_by: date) -> None:
    assert rated(factors).review_by == review_by


def test_a_setting_of_the_node_goes_before_the_shipped_one() -> None:
    home = BOOK.instrument(SHIPPED)
    lowest = replace(BOOK.parameter(f"{SHIPPED}.rating.medium"), id=f"{SHIPPED}.rating.high")
    own = replace(
        home,
        id=OWN,
        parameters=(replace(lowest, id=f"{OWN}.rating.high", instrument=OWN),),
    )
    assert rated([Factor.PURPOSE_DIFFERS]).band is Band.MEDIUM
    assert rated([Factor.PURPOSE_DIFFERS], BOOK.with_instrument(own)).band is Band.HIGH


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        (None, None),
        ("  ", None),
        ("Fine-tuning of open language models", Purpose.TRAINING),
        ("pretraining", Purpose.TRAINING),
        ("constraining budgets", Purpose.UNCLEAR),
        ("Inference serving", Purpose.DEPLOYMENT),
        ("training and inference", Purpose.TRAINING),
        ("render farm", Purpose.OTHER),
        ("大模型训练", Purpose.TRAINING),
        ("在线推理服务", Purpose.DEPLOYMENT),
        ("coursework", Purpose.UNCLEAR),
    ],
)
def test_a_purpose_is_read_by_its_words(text: str | None, purpose: Purpose | None) -> None:
    assert declared_purpose(text, RULES.words) is purpose


@pytest.mark.parametrize(
    ("share", "seen"),
    [
        (Fraction(0), Purpose.DEPLOYMENT),
        (Fraction(99, 1000), Purpose.DEPLOYMENT),
        (Fraction(1, 10), Purpose.UNCLEAR),
        (Fraction(499, 1000), Purpose.UNCLEAR),
        (Fraction(1, 2), Purpose.TRAINING),
        (Fraction(1), Purpose.TRAINING),
    ],
)
def test_use_is_seen_by_its_share_of_training_at_the_edges(share: Fraction, seen: Purpose) -> None:
    total = 10**22
    view = compare(Purpose.DEPLOYMENT, None, use(total, total * share), RULES)
    assert (view.seen, view.share) == (seen, share)


@pytest.mark.parametrize(
    ("declared", "share", "differs"),
    [
        (Purpose.DEPLOYMENT, 1, True),
        (Purpose.OTHER, 1, True),
        (Purpose.TRAINING, 1, False),
        (Purpose.TRAINING, 0, True),
        (Purpose.DEPLOYMENT, 0, False),
        (Purpose.OTHER, 0, False),
        (Purpose.UNCLEAR, 1, None),
        (None, 1, None),
        (Purpose.DEPLOYMENT, Fraction(1, 4), None),
    ],
)
def test_what_was_declared_is_compared_with_what_was_seen(
    declared: Purpose | None, share: Exact, differs: bool | None
) -> None:
    total = 10**22
    view = compare(declared, None, use(total, total * share), RULES)
    assert view.differs is differs
    assert view.reasons


def test_too_little_use_says_nothing() -> None:
    least = int(Law(BOOK, DAY).amount(f"{SHIPPED}.purpose.least"))
    assert compare(Purpose.DEPLOYMENT, None, use(least, least), RULES).differs is True
    assert compare(Purpose.DEPLOYMENT, None, use(least - 1, least - 1), RULES).differs is None
    assert compare(Purpose.DEPLOYMENT, None, use(0), RULES).seen is None


@pytest.mark.parametrize(
    ("used", "declared", "beyond"),
    [
        (10**22, 0, False),
        (10**22 + 1, 0, True),
        (1, 10**22, False),
        (1, 10**22 + 1, True),
        (0, 0, False),
    ],
)
def test_compute_beyond_a_contract_is_more_than_it_never_just_as_much(
    used: int, declared: int, beyond: bool
) -> None:
    view = compare(None, Flop(10**22), use(used, 0, declared), RULES)
    assert view.beyond_contract is beyond
    assert compare(None, None, use(used, 0, declared), RULES).beyond_contract is None
