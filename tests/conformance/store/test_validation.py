"""Packs, samples and proposals of validation on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore
from sluicegate.services.ports.validation import (
    ChangeKind,
    GivenVerdict,
    PackKept,
    Proposal,
    ProposalChangedError,
    ProposalState,
    ReplayedMoment,
    SampledPair,
    SampleVerdict,
    Shift,
)

AT = datetime.fromisoformat("2026-06-30T09:00:00-07:00")
PACK = PackKept(
    pack_id="v-1",
    seed=7,
    as_of=date(2026, 6, 30),
    algorithm="words-1",
    threshold=7_000,
    versions={"us_sdn": "1"},
    drawn_from=3,
    manifest="ab" * 32,
    figures={"detected": 4, "asked": 5},
    at=AT,
    by="local:test",
)
SAMPLE = SampledPair("s-1", "v-1", "c-1", "lp-1", 6_900, 7_000, "words-1", "aa", "bb")
MOMENT = ReplayedMoment(
    run_id="r-1",
    at=AT,
    as_of=date(2026, 6, 30),
    screened=9,
    listed=8,
    before=2,
    after=2,
    confirmed=1,
    confirmed_kept=0,
    cleared=1,
    cleared_kept=1,
    gained=(Shift("c-1", "lp-1", 6_900, 7_100, ""),),
    lost=(Shift("c-2", "lp-2", 7_500, None, "confirmed"),),
)


def proposal(name: str = "p-1", version: int = 1, **given: object) -> Proposal:
    first = Proposal(
        proposal_id=name,
        version=version,
        kind=ChangeKind.THRESHOLD,
        state=ProposalState.PROPOSED,
        algorithm="words-1",
        threshold=6_800,
        algorithm_before="words-1",
        threshold_before=7_000,
        moments=(MOMENT,),
        reason="too many look-alikes",
        proposed_by="user:ada",
        proposed_at=AT,
        at=AT + timedelta(minutes=version),
        by="user:ada",
    )
    return replace(first, **given)  # type: ignore[arg-type]


def test_packs_and_samples_read_as_they_were_written(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    other = replace(PACK, pack_id="v-2")
    store.validation.add_pack(PACK, [SAMPLE])
    store.validation.add_pack(other, [replace(SAMPLE, sample_id="s-2", pack_id="v-2")])
    assert list(store.validation.packs()) == [other, PACK]
    assert list(store.validation.samples("v-1")) == [SAMPLE]
    assert [one.sample_id for one in store.validation.samples()] == ["s-1", "s-2"]
    assert list(other_tenant.validation.packs()) == []
    assert list(other_tenant.validation.samples()) == []


def test_every_verdict_is_kept_in_its_order(store: SqlStore, other_tenant: SqlStore) -> None:
    first = GivenVerdict("s-1", SampleVerdict.UNCLEAR, "no birth date", AT, "user:ada")
    later = GivenVerdict("s-1", SampleVerdict.SAME, "", AT + timedelta(hours=1), "user:bo")
    for one in (first, later):
        store.validation.add_verdict(one)
    assert list(store.validation.verdicts()) == [first, later]
    assert list(other_tenant.validation.verdicts()) == []


def test_the_last_version_of_a_proposal_stands_and_one_that_is_there_is_refused(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    kept = store.validation
    done = proposal(version=2, state=ProposalState.ACTIVATED, decided_by="user:bo", by="user:bo")
    of_list = replace(
        proposal("p-2", state=ProposalState.ACTIVATED),
        kind=ChangeKind.LIST, list_id="us_sdn", list_version="2", checksum="cd" * 32,
    )  # fmt: skip
    assert kept.activated() is None
    for one in (proposal(), done, of_list):
        kept.add_proposal(one)
    assert list(kept.proposals()) == [of_list, done]
    assert list(kept.proposal_versions("p-1")) == [proposal(), done]
    assert kept.activated() == done
    with pytest.raises(ProposalChangedError):
        kept.add_proposal(replace(done, state=ProposalState.REJECTED))
    assert other_tenant.validation.activated() is None
    assert list(other_tenant.validation.proposals()) == []


@pytest.mark.parametrize(
    "table",
    ["validation_packs", "validation_samples", "validation_verdicts", "validation_proposals"],
)
def test_nothing_of_it_is_ever_edited(store: SqlStore, table: str) -> None:
    store.validation.add_pack(PACK, [SAMPLE])
    store.validation.add_verdict(GivenVerdict("s-1", SampleVerdict.SAME, "", AT, "user:ada"))
    store.validation.add_proposal(proposal())
    for change in (f"UPDATE {table} SET recorded_by = 'x'", f"DELETE FROM {table}"):
        with store.engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(change))
