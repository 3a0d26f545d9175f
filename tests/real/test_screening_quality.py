"""The engine on real lists: what it finds of names that are listed, and how seldom it is wrong.

Floors lie well below what `benchmarks/screening.py` measures, which is in
docs/benchmarks.md; how the sets are made stands in docs/screening-protocol.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from screening_measures import (
    Match,
    f1_of,
    recall_by,
    recall_of,
    share_alerted,
    threshold_of,
)
from screening_perturbed import KINDS
from screening_sets import Part, Query, Split, load_delta, load_eu, load_pairs, load_us, split_of
from screening_sides import asked
from screening_sources import FOLDER, Party
from sluicegate.screening import Index, compare
from sluicegate.screening.prepared import Prepared

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the shared data folder is absent")

LIMIT = 10
MANY = 100
"""Matches asked for where every alert is wanted."""


def build(parties: Iterable[Party]) -> Index:
    return Index.build([one.as_entity() for one in parties])


def screened(index: Index, queries: Sequence[Query], *, limit: int = LIMIT) -> list[list[Match]]:
    found = index.screen(asked(queries), limit=limit)
    return [[Match(one.entity_id, float(one.score)) for one in each] for each in found]


@pytest.fixture(scope="module")
def us() -> Part:
    return load_us()


@pytest.fixture(scope="module")
def eu() -> Part:
    return load_eu()


@pytest.fixture(scope="module")
def us_index(us: Part) -> Index:
    return build(us.parties)


@pytest.fixture(scope="module")
def eu_index(eu: Part) -> Index:
    return build(eu.parties)


def test_listed_names_are_found_where_one_clean_name_in_a_hundred_alerts(
    us: Part, us_index: Index
) -> None:
    threshold = threshold_of(screened(us_index, us.clean_of(Split.DEV)[::2]))
    positives = us.positives_of(Split.TEST)
    given = screened(us_index, positives)
    aliases = ["added later", "held out"]
    found = recall_by(positives, given, threshold, {"slips": list(KINDS), "aliases": aliases})
    assert found["slips"].found >= 0.85
    assert found["aliases"].found >= 0.52
    assert recall_of(positives, given, threshold).in_ten >= 0.88


def test_names_in_another_script_are_found(eu: Part, eu_index: Index) -> None:
    threshold = threshold_of(screened(eu_index, eu.clean_of(Split.DEV)[::2]))
    positives = eu.positives_of(Split.TEST)
    given = screened(eu_index, positives)
    crossing = sorted({one.kind for one in positives if " to " in one.kind})
    found = recall_by(positives, given, threshold, {"crossing": crossing})
    assert found["crossing"].found >= 0.65
    assert recall_of(positives, given, threshold).found >= 0.62


def test_clean_names_seldom_reach_the_alert_threshold(us: Part, us_index: Index) -> None:
    clean = us.clean_of(Split.TEST)[::3]
    assert share_alerted(screened(us_index, clean), us_index.alert_threshold) <= 0.03


def test_labelled_pairs_are_told_apart_at_the_alert_threshold(us_index: Index) -> None:
    pairs = load_pairs()
    scores = [float(compare(one.left, one.right, one.schema)) for one in pairs]
    assert f1_of(pairs, scores, us_index.alert_threshold).value >= 0.74


def alerts(
    index: Index, queries: Sequence[Query], *, among: Iterable[str] = ()
) -> dict[tuple[str, str], float]:
    """Return the score of each (name, entry) that alerts; of some entries only where given."""
    known = frozenset(among)
    given = screened(index, queries, limit=MANY)
    return {
        (query.text, one.entity_id): one.score
        for query, each in zip(queries, given, strict=True)
        for one in each
        if one.score >= index.alert_threshold and (not known or one.entity_id in known)
    }


def shortlisted(index: Index, queries: Sequence[Query]) -> list[Query]:
    """Return the names that may alert."""
    prepared = Prepared.of(one.text for one in queries)
    may = index.may_reach(asked(queries), prepared, index.alert_threshold)
    return [query for query, is_kept in zip(queries, may, strict=True) if is_kept]


def test_an_alert_and_its_score_depend_on_nothing_else_in_the_list(
    us: Part, us_index: Index
) -> None:
    half = us.parties[::2]
    queries = [*us.positives_of(Split.TEST)[::4], *us.clean_of(Split.TEST)[::20]]
    found = alerts(us_index, queries, among=[one.id for one in half])
    assert alerts(build(half), queries) == found
    assert len(found) > 100


def test_screening_what_changed_gives_the_alerts_of_a_full_pass() -> None:
    delta = load_delta(customers=1_000)
    before, after = (
        {one.id: one for one in listed if split_of(one.id) is Split.TEST}
        for listed in (delta.before, delta.after)
    )
    changed = [one for key, one in after.items() if before.get(key) != one]
    stale = (before.keys() - after.keys()) | {one.id for one in changed}
    fresh = [Query(one.names[0], one.schema, "changed", Split.TEST) for one in changed[::20]]
    customers = [*delta.customers, *fresh]
    had = alerts(build(before.values()), customers)
    kept = {key: score for key, score in had.items() if key[1] not in stale}
    index = build(changed)
    likely = shortlisted(index, customers)
    new = alerts(index, likely)
    assert kept | new == alerts(build(after.values()), customers)
    assert kept
    assert new
    assert len(likely) < len(customers) // 5


def test_the_shortlist_has_every_name_that_alerts(us_index: Index, us: Part) -> None:
    queries = [*us.positives_of(Split.TEST)[::8], *us.clean_of(Split.TEST)[::40]]
    found = alerts(us_index, queries)
    assert alerts(us_index, shortlisted(us_index, queries)) == found
    assert len(found) > 100
