"""Explain a finding: the tree of figures, down to the usage records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import islice
from typing import Any

from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.quantities import flop_text
from sluicegate.core.reasons import say, shown
from sluicegate.core.trace import Figure
from sluicegate.metering.accounts import account_relation, account_spans
from sluicegate.metering.priors import FULL_BP, MILLIONTHS
from sluicegate.metering.statements import FIRST_DAY, ColumnType, Relation
from sluicegate.metering.windows import day_after
from sluicegate.registry.records import AccountMapping
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.explaining import CITATIONS, sections
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.asking import ask_question, readings_not_chosen
from sluicegate.services.assess import stored_form
from sluicegate.services.figures import in_language, words
from sluicegate.services.ports import Store, UsageLake
from sluicegate.services.screening.explaining import explain_match
from sluicegate.services.subject_details import RUN_DAYS

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of a tree is wanted, and in which language."""

    language: Language = Language.EN
    records: int = DEFAULT_RECORDS


def explain(
    identifier: str,
    *,
    store: Store,
    lake: UsageLake,
    book: RuleBook,
    groups: Mapping[str, str],
    wanted: Wanted | None = None,
) -> Figure:
    """Return the tree behind a finding, with its largest usage records, or behind a match.

    The question is asked again from the facts that the finding stores, so that
    the tree says all that `ask --explain` says. Where the rules have changed
    since the pass, the tree says so, and what the pass said then. `groups` is
    customer → affiliate group. Raises UnknownFindingError.
    """
    wanted = wanted or Wanted()
    language = wanted.language
    match = store.matches.match(identifier)
    if match is not None:
        return explain_match(store, match, language)
    document = store.finding(identifier)
    if document is None:
        raise UnknownFindingError(
            f"{identifier}: no pass found it; `sluicegate assess` lists the ids"
        )
    trace = Figure.from_json(document["trace"])
    measured = (one for one in trace.children if one.label not in _ANSWERED)
    stretches = list(_stretches(document, groups))
    behind = _records(document, stretches, store, lake, wanted) if stretches else ()
    return Figure(
        document["rule_title"][language.value],
        document["subject_name"],
        children=(
            *_standing(document, language),
            *_answer(document, trace, book, language),
            *(in_language(one, language) for one in measured),
            *behind,
        ),
        name=document["subject"],
    )


_ANSWERED = frozenset({"answer", "threshold", "parameters in force"})
"""Parts of a stored trace that repeat the answer; asking again says more."""


def _standing(document: Mapping[str, Any], language: Language) -> Iterator[Figure]:
    """Yield how certain the finding is, how its text stands and on what it depends."""
    certainty = words(f"{document['certainty']}, {document['level']}", language)
    yield Figure(phrase("certainty", language), certainty)
    state = words(document["legal_status"], language)
    yield Figure(phrase("status of the text", language), state)
    for assumption in document["assumptions"]:
        yield Figure(phrase("holds if", language), words(assumption, language))


def _answer(
    document: Mapping[str, Any], trace: Figure, book: RuleBook, language: Language
) -> Iterator[Figure]:
    """Yield what the finding's question answers, or what it said before the rules changed."""
    asked = asked_again(document, book)
    if asked is not None:
        others = readings_not_chosen(asked, book=book)
        for label, part in sections(asked, others, language).items():
            if label == CITATIONS:
                beside = _cited_beside(document, asked, language)
                yield replace(part, children=(*part.children, *beside))
            else:
                yield part
        return
    yield Figure(phrase("The rules changed since the pass; what it said then:", language))
    yield Figure(phrase("question", language), document["question"])
    yield Figure(phrase("as of", language), document["as_of"])
    reasons = tuple(Figure(reason) for reason in document["reasons"])
    yield Figure(phrase("why", language), children=reasons)
    yield from (in_language(one, language) for one in trace.children if one.label == _IN_FORCE)
    cited = tuple(
        Figure(one["text"], method=term(one["mark"], language)) for one in document["citations"]
    )
    yield Figure(phrase("citations", language), children=cited)
    facts = tuple(
        Figure(term(name, language), shown(value, language), name=name)
        for name, value in document["facts"].items()
    )
    yield Figure(phrase("facts given", language), children=facts)


_IN_FORCE = "parameters in force"


def _cited_beside(
    document: Mapping[str, Any], asked: Asked, language: Language
) -> Iterator[Figure]:
    """Yield what the finding cites beside its answer: guidance notes issued by the node."""
    known = {one.text for one in asked.citations}
    for one in document["citations"]:
        if one["text"] not in known:
            yield Figure(one["text"], method=term(one["mark"], language))


def asked_again(document: Mapping[str, Any], book: RuleBook) -> Asked | None:
    """Ask the finding's question from its own facts; None when the answer is another by now."""
    if document["rules_digest"] != book.files_digest:
        return None
    try:
        asked = ask_question(
            document["question"],
            document["facts"],
            as_of=document["as_of"],
            readings=document["readings"],
            book=book,
        )
    except BadFactsError:
        return None
    return asked if stored_form(asked.answer_json()) == document["answer"] else None


def _stretches(document: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[_Stretch]:
    kind, key = document["subject_kind"], document["subject_id"]
    if kind == "customer":
        yield _Stretch(key)
    elif kind == "linked_group":
        yield from (_Stretch(one["account"]) for one in document["facts"]["accounts"])
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
    wanted: Wanted,
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
    found = tuple(_record_figure(row, wanted.language) for row in islice(rows, wanted.records))
    label = phrase("usage records, the largest first", wanted.language)
    return (Figure(label, children=found),) if found else ()


def _record_figure(row: Sequence[Any], language: Language) -> Figure:
    _, source, record, day, start, end, cluster, run, accelerator, millionths, measured, _ = row
    begin, finish = (_EPOCH + timedelta(milliseconds=int(ms)) for ms in (start, end))
    parts = [
        say(
            "{count} × {accelerator}, {begin} to {end}",
            count=flop_text(Fraction(int(millionths), MILLIONTHS)),
            accelerator=accelerator,
            begin=f"{begin:%Y-%m-%dT%H:%M:%SZ}",
            end=f"{finish:%Y-%m-%dT%H:%M:%SZ}",
        )
    ]
    if measured is None:
        parts.append(say("utilisation not measured"))
    else:
        share = Fraction(int(measured), FULL_BP)
        parts.append(say("utilisation {share:percent}", share=share))
    parts += [say("cluster {id}", id=cluster)] if cluster else []
    parts += [say("run {id}", id=run)] if run else []
    return Figure(
        phrase("usage record", language),
        str(day),
        method=shown(parts, language),
        name=f"{source}:{record}",
    )
