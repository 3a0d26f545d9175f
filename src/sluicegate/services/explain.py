"""Explain a finding: the tree of figures, down to the usage records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import islice
from typing import Any

from sluicegate.core.quantities import flop_text, percent
from sluicegate.core.trace import Figure
from sluicegate.metering.accounts import account_relation, account_spans
from sluicegate.metering.priors import FULL_BP, MILLIONTHS
from sluicegate.metering.statements import FIRST_DAY, ColumnType, Relation
from sluicegate.metering.windows import day_after
from sluicegate.registry.records import AccountMapping
from sluicegate.services.measuring import RUN_DAYS
from sluicegate.services.ports import Store, UsageLake

_FIRST_MS = -(2**62)
_LAST_MS = 2**62
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DEFAULT_RECORDS = 20


class UnknownFindingError(LookupError):
    """An id that no pass has given."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Whose records are meant: a customer, and where it matters a cluster, a run and a time."""

    customer: str
    cluster: str = ""
    run: str = ""
    start_ms: int = _FIRST_MS
    end_ms: int = _LAST_MS


def explain(
    identifier: str,
    *,
    store: Store,
    lake: UsageLake,
    groups: Mapping[str, str],
    records: int = DEFAULT_RECORDS,
) -> Figure:
    """Return the tree behind a finding, with its largest usage records.

    `groups` is customer → affiliate group. Raises UnknownFindingError.
    """
    document = store.finding(identifier)
    if document is None:
        raise UnknownFindingError(
            f"{identifier}: no pass found it; `sluicegate assess` lists the ids"
        )
    tree = Figure.from_json(document["trace"])
    stretches = list(_stretches(document, groups))
    behind = _records(document, stretches, store, lake, records) if stretches else ()
    head = (
        Figure("certainty", f"{document['certainty']}, {document['level']}"),
        Figure("status of the text", document["legal_status"]),
        *(Figure("holds if", assumption) for assumption in document["assumptions"]),
        Figure(
            "facts, as `ask` takes them",
            children=tuple(Figure(k, _text(v)) for k, v in document["facts"].items()),
        ),
    )
    citations = tuple(
        Figure(one["text"], method=one["mark"].replace("_", " ")) for one in document["citations"]
    )
    return Figure(
        tree.label,
        tree.value,
        tree.unit,
        tree.method,
        tree.reference,
        (*head, *tree.children, Figure("citations", children=citations), *behind),
    )


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, Mapping):
        return " ".join(f"{key} {_text(part)}" for key, part in value.items())
    return "none" if value is None else str(value)


def _stretches(document: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[_Stretch]:
    kind, key = document["subject_kind"], document["subject_id"]
    if kind == "customer":
        yield _Stretch(key)
    elif kind == "group":
        for customer, group in sorted(groups.items()):
            if group == key:
                yield _Stretch(customer)
    elif kind == "run":
        yield _run_stretch(key, document["customer_id"], _last_day(document["trace"]))


def _run_stretch(key: str, customer: str, last: date | None) -> _Stretch:
    """Return the records of a run from its key: CUSTOMER/RUN, or CUSTOMER/CLUSTER@INSTANT."""
    rest = key.removeprefix(f"{customer}/")
    cluster, _, start = rest.rpartition("@")
    if not _INSTANT.fullmatch(start):
        return _Stretch(customer, run=rest)
    first = datetime.strptime(start, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    end = _LAST_MS if last is None else _milliseconds(datetime.combine(last, time(), UTC))
    return _Stretch(customer, cluster, start_ms=_milliseconds(first), end_ms=end)


def _milliseconds(instant: datetime) -> int:
    return int((instant - _EPOCH).total_seconds() * 1000)


def _last_day(trace: Mapping[str, Any]) -> date | None:
    """Return the day after the last of a run, from the trace of its finding."""
    for child in trace.get("children", ()):
        if child["label"] == RUN_DAYS:
            return date.fromisoformat(child["value"].rpartition(" ")[2])
        if (found := _last_day(child)) is not None:
            return found
    return None


def _records(
    document: Mapping[str, Any],
    stretches: Sequence[_Stretch],
    store: Store,
    lake: UsageLake,
    limit: int,
) -> tuple[Figure, ...]:
    accounts = [one for one in store.records("account_map") if isinstance(one, AccountMapping)]
    parameters = {
        "first_day": FIRST_DAY,
        "end_day": day_after(date.fromisoformat(document["as_of"])),
        "account_map": account_relation(account_spans(accounts)),
        "subjects": Relation.of(
            [(one.customer, one.cluster, one.run, one.start_ms, one.end_ms) for one in stretches],
            customer=ColumnType.TEXT,
            cluster=ColumnType.TEXT,
            run=ColumnType.TEXT,
            start_ms=ColumnType.INTEGER,
            end_ms=ColumnType.INTEGER,
        ),
    }
    batches = [one.batch for one in store.usage_batches()]
    rows = lake.rows("largest_records", parameters, batches=batches)
    shown = tuple(_record_figure(row) for row in islice(rows, limit))
    return (Figure(f"usage records, the {len(shown)} largest", children=shown),) if shown else ()


def _record_figure(row: Sequence[Any]) -> Figure:
    _, source, record, day, start, end, cluster, run, accelerator, millionths, measured, _ = row
    count = flop_text(Fraction(int(millionths), MILLIONTHS))
    begin, finish = (_EPOCH + timedelta(milliseconds=int(ms)) for ms in (start, end))
    parts = [
        f"{count} × {accelerator}",
        f"{begin:%Y-%m-%dT%H:%M:%SZ} to {finish:%Y-%m-%dT%H:%M:%SZ}",
    ]
    parts.append(
        "utilisation not measured"
        if measured is None
        else f"utilisation {percent(Fraction(int(measured), FULL_BP))}"
    )
    parts += [f"cluster {cluster}"] if cluster else []
    parts += [f"run {run}"] if run else []
    return Figure(f"{source}:{record}", str(day), method=", ".join(parts))
