"""Matches as they stand, one row each: what lists of them filter, order and count by.

The truth is in the versions of matches; these rows are written with them. A page
walks an index in the order asked for and opens the documents of its own rows alone,
so that what it costs does not follow from the size of the documents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, false, func, insert, or_

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.present_filters import after_key
from sluicegate.adapters.store.unit import Unit
from sluicegate.services.ports.matches import (
    Match,
    MatchCell,
    MatchOrder,
    MatchPlace,
    MatchQuery,
    MatchState,
)
from sluicegate.services.present.keys import is_storable, name_key

_CHUNK = 2_000
_BEFORE = "\n"
"""Stands before each name and id of a row; none has it when it is folded."""

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ORDERS = {
    MatchOrder.SCORE: "score_key",
    MatchOrder.NEWEST: "age_key",
    MatchOrder.NAME: "name_key",
}


def keep_standing(
    connection: Connection, unit: Unit, matches: Iterable[Match], stamp: Mapping[str, Any]
) -> None:
    """Write how matches stand over what stood of them."""
    rows = [{**stamp, **_row(one)} for one in matches]
    standing = table("standing_matches")
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        ids = [one["match_id"] for one in chunk]
        mine = standing.c.tenant_id == unit.tenant
        connection.execute(delete(standing).where(mine, standing.c.match_id.in_(ids)))
        connection.execute(insert(standing), chunk)


def _row(match: Match) -> dict[str, Any]:
    pair = match.pair
    names = (match.party_name, match.listed_name, pair.name, pair.alias)
    ids = (match.match_id, match.party_id, match.listed_id)
    return {
        "match_id": match.match_id,
        "party_id": match.party_id,
        "cell": _cell_text(match),
        "state": match.state.value,
        "algorithm": pair.algorithm,
        "score_key": -pair.score,
        "age_key": -((match.first_seen - _EPOCH) // _MICROSECOND),
        "name_key": name_key(match.party_name),
        "names": _folded(names),
        "ids": _folded(ids),
    }


def _folded(texts: Iterable[str]) -> str:
    return "".join(_BEFORE + one for one in dict.fromkeys(map(name_key, texts)))


def _cell_text(match: Match) -> str:
    return " ".join([match.state.value, str(int(match.pair.is_weak)), *match.lists])


def _cell(text: str) -> MatchCell:
    state, is_weak, *lists = text.split(" ")
    return MatchCell(MatchState(state), is_weak == "1", tuple(lists))


class StandingMatches:
    """Reads pages and counts; a part of `Matches`."""

    _unit: Unit

    def counts(self, wanted: MatchQuery) -> Mapping[MatchCell, int]:
        """Count matches by cell, as far as the text and the party of a filter let them through."""
        with self._unit.reading() as connection:
            return {_cell(text): count for text, count in self._counted(connection, wanted)}

    def count_otherwise_made(self, algorithm: str, threshold: int) -> int:
        """Count alerts that another algorithm made, or that lie below a score."""
        rows = table("standing_matches")
        query = self._unit.rows(rows, func.count()).where(
            rows.c.state.in_([one.value for one in MatchState if one.is_alert]),
            or_(rows.c.algorithm != algorithm, rows.c.score_key > -threshold),
        )
        with self._unit.reading() as connection:
            found: int = connection.execute(query).scalar_one()
        return found

    def _places(
        self, connection: Connection, wanted: MatchQuery, after: MatchPlace | None, limit: int
    ) -> Sequence[MatchPlace]:
        """Return the places of at most `limit` matches after one, in order."""
        cells = [text for text, _ in self._counted(connection, wanted) if _cell(text).fits(wanted)]
        if not cells:
            return ()
        rows = table("standing_matches")
        key = (rows.c[_ORDERS[wanted.order]], rows.c.match_id)
        query = self._unit.rows(rows, *key).where(rows.c.cell.in_(cells), *self._told(wanted))
        if after is not None:
            query = query.where(after_key(key, after))
        found = connection.execute(query.order_by(*key).limit(limit)).all()
        return [(row[0], row[1]) for row in found]

    def _counted(self, connection: Connection, wanted: MatchQuery) -> Sequence[tuple[str, int]]:
        rows = table("standing_matches")
        query: Select[Any] = self._unit.rows(rows, rows.c.cell, func.count())
        found = connection.execute(query.where(*self._told(wanted)).group_by(rows.c.cell)).all()
        return [(row[0], row[1]) for row in found]

    def _told(self, wanted: MatchQuery) -> Collection[ColumnElement[bool]]:
        """Return the conditions of a filter that no cell tells."""
        rows = table("standing_matches")
        found: list[ColumnElement[bool]] = []
        if wanted.party_id:
            is_there = is_storable(wanted.party_id)
            found.append(rows.c.party_id == wanted.party_id if is_there else false())
        text = name_key(wanted.text)
        if text:
            place = func.instr if self._unit.engine.dialect.name == "sqlite" else func.strpos
            found.append(or_(place(rows.c.names, text) > 0, place(rows.c.ids, _BEFORE + text) > 0))
        return found
