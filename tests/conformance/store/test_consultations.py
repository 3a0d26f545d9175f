"""Consultations and reviews of thresholds on every database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sluicegate.adapters.store import SqlStore
from sluicegate.frontier.consultation import Event, Happening
from sluicegate.frontier.threshold_register import Noted, Reviewing
from sluicegate.services.ports.consultation import ConsultationChangedError, KeptFile

AT = datetime.fromisoformat("2026-06-30T09:00:00-07:00")
LATER = AT + timedelta(days=3)


def event(number: int, name: str = "cn-1", apart: dict[str, Any] | None = None) -> Event:
    data = {"comment": str(number), "size": 3, "starts": None, "is_late": False}
    return Event(name, number, Happening.COMMENTED, data, AT, "user:ada", apart)


def test_events_come_back_in_order_as_they_were_written(store: SqlStore) -> None:
    written = [event(1), event(2), event(1, "cn-2")]
    for one in written:
        store.consultations.add(one)
    assert list(store.consultations.events("cn-1")) == written[:2]
    assert list(store.consultations.every()) == ["cn-1", "cn-2"]
    assert store.consultations.events("cn-3") == ()


def test_only_events_of_some_kinds_are_read_where_asked_for(store: SqlStore) -> None:
    store.consultations.add(event(1))
    store.consultations.add(Event("cn-1", 2, Happening.CLOSED, {"on": "2026-07-01"}, AT, "a"))
    found = store.consultations.every(only=[Happening.CLOSED])
    assert [one.number for one in found["cn-1"]] == [2]


def test_what_is_said_in_confidence_is_read_only_when_asked_for(store: SqlStore) -> None:
    one = event(1, apart={"text": "between us"})
    store.consultations.add(one)
    assert store.consultations.events("cn-1")[0].apart is None
    assert store.consultations.events("cn-1", with_apart=True) == (one,)
    with store.engine.connect() as connection:
        said = connection.execute(text("SELECT document FROM consultation_events")).scalar_one()
    assert "between us" not in said


def test_two_who_write_at_once_do_not_write_over_each_other(store: SqlStore) -> None:
    store.consultations.add(event(1))
    with pytest.raises(ConsultationChangedError):
        store.consultations.add(event(1, apart={"text": "second"}))
    assert store.consultations.events("cn-1", with_apart=True) == (event(1),)


def test_only_what_was_known_at_an_instant_is_read(store: SqlStore) -> None:
    store.consultations.add(event(1))
    before = AT.astimezone(UTC) - timedelta(seconds=1)
    assert store.consultations.events("cn-1", known_on=before) == ()
    assert dict(store.consultations.every(known_on=before)) == {}
    assert len(store.consultations.events("cn-1", known_on=AT)) == 1


def test_a_document_is_kept_once_and_given_whole(store: SqlStore) -> None:
    file = KeptFile("ab" * 32, "comparison.json", b"{}\n")
    for _ in range(2):
        store.consultations.keep_file("cn-1", file, at=AT, by="user:ada")
    assert store.consultations.file("cn-1", file.digest) == file
    assert store.consultations.file("cn-2", file.digest) is None


def test_reviews_come_back_oldest_first(store: SqlStore) -> None:
    first = Reviewing("a.limit", Noted.PERIOD, date(2026, 1, 1), 6, "", "", AT, "user:ada")
    then = Reviewing("a.limit", Noted.REVIEWED, date(2026, 6, 1), None, "kept", "cn-1", LATER, "b")
    for one in (first, then):
        store.consultations.add_reviewing(one)
    assert store.consultations.reviewings() == (first, then)
    assert store.consultations.reviewings(known_on=AT) == (first,)


def test_another_tenant_sees_nothing_of_it(store: SqlStore, other_tenant: SqlStore) -> None:
    store.consultations.add(event(1, apart={"text": "between us"}))
    store.consultations.keep_file("cn-1", KeptFile("d", "n", b"x"), at=AT, by="a")
    store.consultations.add_reviewing(
        Reviewing("a.limit", Noted.REVIEWED, date(2026, 6, 1), None, "", "", AT, "a")
    )
    there = other_tenant.consultations
    assert there.events("cn-1", with_apart=True) == ()
    assert not there.every()
    assert there.file("cn-1", "d") is None
    assert there.reviewings() == ()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("consultation_events", "document"),
        ("consultation_confidential", "document"),
        ("consultation_files", "name"),
        ("threshold_reviews", "outcome"),
    ],
)
def test_history_is_never_edited(store: SqlStore, name: str, column: str) -> None:
    store.consultations.add(event(1, apart={"text": "between us"}))
    store.consultations.keep_file("cn-1", KeptFile("d", "n", b"x"), at=AT, by="a")
    store.consultations.add_reviewing(
        Reviewing("a.limit", Noted.REVIEWED, date(2026, 6, 1), None, "", "", AT, "a")
    )
    for statement in (f"UPDATE {name} SET {column} = 'other'", f"DELETE FROM {name}"):
        with pytest.raises(DBAPIError), store.engine.begin() as connection:
            connection.execute(text(statement))
