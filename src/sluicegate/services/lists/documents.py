"""Entries of lists, and joins of them, as JSON documents and back; what is empty is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.joining import Agreement, Join, JoinRule

_TEXTS = ("countries", "birth_dates", "birth_places", "nationalities", "addresses", "programmes")
_TEXT = ("reference", "remarks", "source_url", "licence_policy")
_DAYS = ("since", "until")
_SCHEMAS = {one.value: one for one in Schema}
_NAME_KINDS = {one.value: one for one in NameKind}


def entry_document(entry: ListEntry) -> dict[str, Any]:
    """Return an entry as a document: a name is [text, kind, language]."""
    found: dict[str, Any] = {
        "list_id": entry.list_id,
        "entry_id": entry.entry_id,
        "schema": entry.schema.value,
        "names": [[one.text, one.kind.value, one.language] for one in entry.names],
    }
    for name in (*_TEXTS, *_TEXT):
        value = getattr(entry, name)
        if value:
            found[name] = value
    if entry.identifiers:
        found["identifiers"] = [[one.kind, one.value, one.country] for one in entry.identifiers]
    for name in _DAYS:
        day = getattr(entry, name)
        if day is not None:
            found[name] = day.isoformat()
    if entry.same_as:
        found["same_as"] = entry.same_as
    return found


def entry_of(document: Mapping[str, Any]) -> ListEntry:
    """Return the entry that a document stands for.

    Raises KeyError, TypeError or ValueError for a document that is none.
    """
    given = dict(document)
    names = tuple(
        ListedName(text, _NAME_KINDS[kind], language) for text, kind, language in given.pop("names")
    )
    for name in _TEXTS:
        if name in given:
            given[name] = tuple(given[name])
    for name in _DAYS:
        if name in given:
            given[name] = date.fromisoformat(given[name])
    if "identifiers" in given:
        given["identifiers"] = tuple(Identifier(*one) for one in given["identifiers"])
    if "same_as" in given:
        given["same_as"] = tuple((one[0], one[1]) for one in given["same_as"])
    return ListEntry(schema=_SCHEMAS[given.pop("schema")], names=names, **given)


def join_document(join: Join) -> dict[str, Any]:
    """Return a join as a document."""
    return {
        "first": join.first,
        "second": join.second,
        "rule": join.rule.value,
        "value": join.value,
        "kind": join.kind,
        "agreements": [one.value for one in join.agreements],
    }


def join_of(document: Mapping[str, Any]) -> Join:
    """Return the join that a document stands for."""
    first, second = document["first"], document["second"]
    return Join(
        (first[0], first[1]),
        (second[0], second[1]),
        JoinRule(document["rule"]),
        document["value"],
        document["kind"],
        tuple(Agreement(one) for one in document["agreements"]),
    )
