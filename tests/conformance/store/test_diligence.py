"""Due diligence on every database: events that only grow, and erasing that leaves its proof."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.adapters.store.care import make_anew, reading_faults
from sluicegate.core.clock import FixedClock
from sluicegate.kyc.diligence.events import About, Event, Kind
from sluicegate.kyc.diligence.file import Standing
from sluicegate.kyc.diligence.retention import Records
from sluicegate.registry.records import Customer, OwnershipEdge
from sluicegate.services.ports import Put
from sluicegate.services.ports.diligence import (
    DiligenceChangedError,
    Disposal,
    NewEvent,
    StandingFilter,
    Tombstone,
)
from sluicegate.services.ports.ownership_diligence import DiligenceState, OwnershipDiligence

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
PASSPORT = b"%PDF invented passport of Idris Vantongeren"
CUSTOMER = {
    "source": "crm",
    "customer_id": "c-1",
    "name": "Idris Vantongeren",
    "customer_kind": "individual",
    "country": "NL",
    "address": "9 Lindenkade, Harrow",
    "email": "idris@vantongeren.example",
    "ip_addresses": "192.0.2.77",
    "closed": "2020-01-31",
}
OWNER = {
    "source": "register",
    "owner_id": "p-1",
    "owned_id": "c-1",
    "owner_name": "Mirea Sandling",
    "owner_kind": "individual",
    "share": "0.6",
}
PARENT = {**OWNER, "owner_id": "k-1", "owner_name": "Tern Hollow Co", "owner_kind": "entity"}
BOTH = (Records.IDENTITY, Records.VERIFICATION)


def event(number: int = 1, kind: Kind = Kind.COLLECTED, **data: Any) -> Event:
    return Event(f"e-{number}", About.CUSTOMER, "c-1", number, kind, AT, "user:ada", data)


def collected(store: SqlStore, number: int = 1) -> Event:
    new = NewEvent(event(number, item="telephone"), {"value": "+31 20 555 0107", "reason": "call"})
    return store.diligence.add(new)


def verified(store: SqlStore, number: int = 2) -> Event:
    said = {"party": "c-1", "method": "documentary", "document": "passport"}
    said |= {"outcome": "verified", "checked_on": "2026-06-30"}
    new = NewEvent(event(number, Kind.VERIFIED, **said), {"reason": "seen"}, PASSPORT)
    return store.diligence.add(new)


def told(store: SqlStore, rows: Sequence[Mapping[str, Any]], kind: str = "customers") -> Put:
    return store.put(kind, rows, at=AT, by="user:ada")


def disposed(store: SqlStore, records: Sequence[Records] = BOTH) -> Sequence[Tombstone]:
    rows = store.diligence.erasable("c-1", records)
    disposal = Disposal("d-1", "c-1", "iaas_proposal", AT, "user:officer")
    return store.diligence.erase(rows, disposal)


def filled(store: SqlStore) -> None:
    told(store, [CUSTOMER, {**CUSTOMER, "customer_id": "c-2", "name": "Ostrel Optics"}])
    told(store, [{**CUSTOMER, "telephone": "+31 20 555 0107"}])
    told(store, [OWNER, PARENT], "ownership")
    collected(store)
    verified(store)


def test_an_event_reads_as_it_was_written(store: SqlStore) -> None:
    written = verified(store, 1)
    assert store.diligence.events(About.CUSTOMER, "c-1") == (written,)
    assert store.diligence.content("e-1") == PASSPORT
    assert written.content_sha256 == hashlib.sha256(PASSPORT).hexdigest()
    assert (written.reason, written.is_erased) == ("seen", False)
    assert store.diligence.events(About.HOLD, "c-1") == ()


def test_of_two_who_write_the_same_version_one_is_refused(store: SqlStore) -> None:
    collected(store)
    with pytest.raises(DiligenceChangedError, match="read it again"), store.transaction():
        store.diligence.add(NewEvent(event(1, item="email")))
    assert len(store.diligence.events(About.CUSTOMER, "c-1")) == 1


def test_events_of_before_an_instant_and_of_every_subject(store: SqlStore) -> None:
    collected(store)
    at = AT + timedelta(days=1)
    later = Event("e-9", About.CUSTOMER, "c-2", 1, Kind.DROPPED, at, "user:bo", {"item": "email"})
    store.diligence.add(NewEvent(later))
    assert {name: len(found) for name, found in store.diligence.every(About.CUSTOMER).items()} == {
        "c-1": 1,
        "c-2": 1,
    }
    assert store.diligence.events(About.CUSTOMER, "c-2", known_on=AT) == ()


def rated(store: SqlStore, customer: str, number: int, review_by: str) -> None:
    said = {"band": "low", "points": 1, "factors": {}, "raised_to": None, "review_by": review_by}
    one = Event(
        f"{customer}-{number}", About.CUSTOMER, customer, number, Kind.RATED, AT, "user:bo", said
    )
    store.diligence.add(NewEvent(one))


def test_how_customers_stand_is_kept_with_every_event(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    for customer, day in (("c-3", "2026-09-01"), ("c-2", "2026-08-01"), ("c-4", "2027-01-01")):
        rated(store, customer, 1, day)
    rated(store, "c-2", 2, "2026-10-01")
    said = {"decision": "refuse", "ground": "other", "on": "2026-06-30"}
    store.diligence.add(NewEvent(event(1, Kind.PROPOSED, **said)))
    by_autumn = StandingFilter(review_by=date(2026, 10, 1))
    found = store.diligence.standings(by_autumn, limit=10)
    assert [(one.customer_id, one.version) for one in found] == [("c-3", 1), ("c-2", 2)]
    assert store.diligence.count_standings(by_autumn) == 2
    assert len(store.diligence.standings(by_autumn, limit=1)) == 1
    (waits,) = store.diligence.standings(StandingFilter(is_waiting=True), limit=10)
    assert (waits.customer_id, waits.waiting, waits.review_by, waits.band) == ("c-1", 1, None, None)
    assert waits.standing is Standing.OPEN
    assert [
        one.customer_id for one in store.diligence.standings(StandingFilter(), after="c-2", limit=9)
    ] == ["c-3", "c-4"]
    assert other_tenant.diligence.count_standings(StandingFilter()) == 0


def test_a_standing_that_differs_from_its_events_is_found_and_made_anew(store: SqlStore) -> None:
    rated(store, "c-3", 1, "2026-09-01")
    assert reading_faults(store) == ()
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE diligence_standings SET waiting = 7"))
    assert reading_faults(store) == ("due diligence of c-3: as kept differs from its events",)
    make_anew(store, at=AT)
    assert reading_faults(store) == ()


def test_nobody_of_another_organisation_reads_or_erases(
    store: SqlStore, other_tenant: SqlStore
) -> None:
    filled(store)
    assert other_tenant.diligence.events(About.CUSTOMER, "c-1") == ()
    assert other_tenant.diligence.every(About.CUSTOMER) == {}
    assert other_tenant.diligence.content("e-2") is None
    assert other_tenant.diligence.erasable("c-1", BOTH) == ()
    disposed(store)
    assert other_tenant.diligence.tombstones("c-1") == ()


def test_an_erasing_empties_every_version_and_leaves_what_names_nobody(store: SqlStore) -> None:
    filled(store)
    stones = disposed(store)
    assert sorted(one.kept_in for one in stones) == [
        "customers",
        "customers",
        "diligence_events",
        "diligence_events",
        "ownership",
    ]
    versions = store.histories.versions("customers", "customer_id", ["c-1"])
    assert len(versions) == 2
    for one in versions:
        assert isinstance(one, Customer)
        assert (one.name, one.address, one.email, one.telephone) == ("c-1", None, None, None)
        assert (one.ip_addresses, one.country) == ((), "NL")
        assert one.closed is not None
    owners = store.histories.versions("ownership", "owned_id", ["c-1"])
    assert {one.owner_name for one in owners if isinstance(one, OwnershipEdge)} == {
        "p-1",
        "Tern Hollow Co",
    }
    (other,) = store.histories.versions("customers", "customer_id", ["c-2"])
    assert isinstance(other, Customer)
    assert other.name == "Ostrel Optics"


def test_an_erased_event_keeps_its_data_and_its_digests(store: SqlStore) -> None:
    filled(store)
    before = store.diligence.events(About.CUSTOMER, "c-1")
    disposed(store)
    after = store.diligence.events(About.CUSTOMER, "c-1")
    assert [one.digest for one in after] == [one.digest for one in before]
    assert [one.data for one in after] == [one.data for one in before]
    assert [(one.private, one.is_erased) for one in after] == [(None, True)] * 2
    assert store.diligence.content("e-2") is None
    assert after[1].content_sha256 == hashlib.sha256(PASSPORT).hexdigest()


def test_records_of_verification_go_by_themselves(store: SqlStore) -> None:
    filled(store)
    assert [one.row_id for one in disposed(store, [Records.VERIFICATION])] == ["e-2"]
    assert store.diligence.events(About.CUSTOMER, "c-1")[0].private is not None
    left = store.diligence.erasable("c-1", BOTH)
    assert {one.kept_in for one in left} == {"customers", "ownership", "diligence_events"}


def test_what_was_erased_is_told_again_as_unchanged_and_anything_new_is_taken(
    store: SqlStore,
) -> None:
    filled(store)
    disposed(store)
    again = {**CUSTOMER, "telephone": "+31 20 555 0107"}
    assert told(store, [again]) == Put(0, 1)
    assert told(store, [OWNER], "ownership") == Put(0, 1)
    assert store.diligence.erasable("c-1", BOTH) == ()
    assert told(store, [{**again, "email": "new@vantongeren.example"}]) == Put(1, 0)
    (back,) = store.diligence.erasable("c-1", BOTH)
    assert (back.kept_in, "email" in back.fields) == ("customers", True)


def test_the_proof_holds_and_a_tombstone_says_nothing_by_itself(store: SqlStore) -> None:
    filled(store)
    stones = disposed(store)
    assert store.diligence.faults("c-1") == ()
    assert store.diligence.tombstones("c-1") == tuple(stones)
    assert len({one.digest for one in stones}) == len(stones)
    with store.engine.connect() as connection:
        salts = connection.execute(text("SELECT salt FROM erasures")).scalars().all()
    assert sorted(map(len, salts)) == [0, 0, 64, 64, 64]


EMPTYING = (
    "UPDATE customers SET name = customer_id, address = NULL, email = NULL, telephone = NULL, "
    "ip_addresses = NULL, digest = 'erased:0' WHERE customer_id = 'c-1'",
    "UPDATE ownership SET owner_name = owner_id WHERE owned_id = 'c-1'",
    "UPDATE diligence_events SET private = NULL, salt = NULL, content = NULL",
)
EDITS = (
    "UPDATE customers SET name = 'x' WHERE customer_id = 'c-1'",
    "UPDATE customers SET country = 'US' WHERE customer_id = 'c-1'",
    "UPDATE customers SET digest = 'erased:0' WHERE customer_id = 'c-1'",
    "UPDATE ownership SET owner_name = 'x' WHERE owned_id = 'c-1'",
    "UPDATE diligence_events SET private = 'x' WHERE event_id = 'e-1'",
    "UPDATE diligence_events SET data = '{}' WHERE event_id = 'e-1'",
    "DELETE FROM customers",
    "DELETE FROM diligence_events",
    "DELETE FROM erasures",
    "UPDATE erasures SET rule = 'x'",
)


def refused(store: SqlStore, statement: str) -> None:
    with pytest.raises(DBAPIError, match="history is never edited"), store.engine.begin() as to:
        to.execute(text(statement))


@pytest.mark.parametrize("statement", EMPTYING)
def test_the_database_refuses_to_empty_what_no_tombstone_names(
    store: SqlStore, statement: str
) -> None:
    filled(store)
    refused(store, statement)


@pytest.mark.parametrize("statement", EDITS)
def test_the_database_refuses_every_other_edit_after_an_erasing_too(
    store: SqlStore, statement: str
) -> None:
    filled(store)
    disposed(store)
    refused(store, statement)


def test_a_signal_of_an_account_is_erased_with_the_key_that_holds_it(store: SqlStore) -> None:
    signal = {"source": "p", "customer_id": "c-1", "signal": "ip", "value": "192.0.2.77"}
    told(store, [signal, {**signal, "signal": "device", "value": "dev-7"}], "account_signals")
    stones = disposed(store)
    assert [one.fields for one in stones] == [("value", "key")] * 2
    assert store.diligence.faults("c-1") == ()
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT value, key, signal FROM account_signals")).all()
    assert {row.signal for row in rows} == {"ip", "device"}
    assert all(row.value == row.key and row.value.startswith("erased:") for row in rows)
    assert len(list(store.records("account_signals"))) == 2
    told(store, [signal], "account_signals")
    assert [one.kept_in for one in store.diligence.erasable("c-1", BOTH)] == ["account_signals"]


def test_what_speaks_of_a_customer_and_stays_is_counted(store: SqlStore) -> None:
    filled(store)
    assert store.diligence.mentions("c-1").by_table == {}
    runs = [
        {"source": "crm", "run_id": f"r-{number}", "customer_id": customer}
        for number, customer in enumerate(("c-1", "c-1", "c-2"))
    ]
    told(store, runs, "runs")
    assert store.diligence.mentions("c-1").by_table == {"runs": 2}


def test_an_act_of_erasing_that_fails_keeps_everything(store: SqlStore) -> None:
    filled(store)

    def fails() -> None:
        with store.transaction():
            disposed(store)
            raise LookupError

    with pytest.raises(LookupError):
        fails()
    assert store.diligence.tombstones("c-1") == ()
    (newest,) = [one for one in store.records("customers") if one.source == "crm"][:1]
    assert isinstance(newest, Customer)
    assert newest.name == "Idris Vantongeren"


def test_no_file_of_the_database_holds_what_was_erased(tmp_path: Path) -> None:
    place = tmp_path / "state.db"
    with open_store(f"sqlite:///{place}", clock=FixedClock(AT)) as store:
        filled(store)
        assert _holds(tmp_path, b"Vantongeren")
        disposed(store)
        store.diligence.settle()
        left = [
            word
            for word in (b"Vantongeren", b"Lindenkade", b"Sandling", b"555 0107", b"192.0.2.77")
            if _holds(tmp_path, word)
        ]
        # c-2 was stated with the same address, and stays.
        assert left == [b"Lindenkade", b"192.0.2.77"]
        rows = store.diligence.erasable("c-2", BOTH)
        store.diligence.erase(rows, Disposal("d-2", "c-2", "rule", AT, "user:officer"))
        store.diligence.settle()
    for word in (b"antongeren", b"Lindenkade", b"192.0.2.77", b"Ostrel"):
        assert not _holds(tmp_path, word), word


def _holds(folder: Path, word: bytes) -> bool:
    return any(word in path.read_bytes() for path in folder.iterdir())


def test_words_are_taken_out_of_documents_and_no_other_edit_is_let_through(
    store: SqlStore,
) -> None:
    filled(store)
    note = OwnershipDiligence(
        diligence_id="d-1",
        version=1,
        party_id="c-1",
        state=DiligenceState.OPEN,
        gaps=(),
        searched="register of Idris Vantongeren",
        found="Mirea Sandling",
        left_open="",
        reason="pass",
        at=AT,
        by="user:ada",
    )
    store.ownership_diligence.add(note)
    store.ownership_diligence.add(
        replace(note, diligence_id="d-2", party_id="c-2", found="a namesake, Idris Vantongeren")
    )
    refused(store, "UPDATE ownership_diligence SET found = ''")
    said = store.diligence.redaction("c-1")
    (stone,) = store.diligence.redact(
        said, Disposal("d-1", "c-1", "iaas_proposal", AT, "user:officer")
    )
    assert (stone.kept_in, set(stone.fields)) == ("ownership_diligence", {"searched", "found"})
    first, second = store.ownership_diligence.last()
    assert (first.searched, first.found) == ("register of c-1", "p-1")
    assert second.found == "a namesake, Idris Vantongeren"
    assert store.diligence.faults("c-1") == ()
    refused(store, "UPDATE ownership_diligence SET found = '' WHERE diligence_id = 'd-2'")
    refused(store, "UPDATE ownership_diligence SET state = 'closed'")
