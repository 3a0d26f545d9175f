"""From source to screened: of every record, whether its name was screened, or why not.

A name is looked at for what no engine can find: placeholders, empty text, text
that was read in another encoding than it was written in.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from importlib.resources import files

from sluicegate.core.exact import load_yaml
from sluicegate.core.reasons import Sentence, say
from sluicegate.registry.records import Customer, OwnershipEdge
from sluicegate.services.ports.matches import Baseline
from sluicegate.services.ports.store import Store
from sluicegate.services.screening.screened import Screened


class Coverage(Enum):
    """Whether a record's name is screened, or why not."""

    SCREENED = "screened"
    NO_NAME = "no_name"
    CLOSED = "closed"
    NOT_IN_FORCE = "not_in_force"
    """The holding ended, or begins later."""
    REPLACED = "replaced"
    """Another statement of the same holding holds."""
    ABOVE_NOBODY = "above_nobody"
    """It stands above no open customer."""
    MISSED = "missed"
    """It should be screened and is not: a fault of screening."""


class NameFault(Enum):
    """What is wrong with a name as it came from its source."""

    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    BROKEN_ENCODING = "broken_encoding"
    CONTROL_CHARACTERS = "control_characters"
    NO_LETTERS = "no_letters"


def words_of(value: Coverage | NameFault) -> Sentence:
    """Return what it is called."""
    named: Mapping[Coverage | NameFault, Sentence] = {
        Coverage.SCREENED: say("screened"),
        Coverage.NO_NAME: say("not screened: no name"),
        Coverage.CLOSED: say("not screened: the customer is closed"),
        Coverage.NOT_IN_FORCE: say("not screened: the holding is not in force on the day"),
        Coverage.REPLACED: say("not screened: another statement of the same holding holds"),
        Coverage.ABOVE_NOBODY: say("not screened: it stands above no open customer"),
        Coverage.MISSED: say("not screened, and it should be"),
        NameFault.EMPTY: say("empty"),
        NameFault.PLACEHOLDER: say("a placeholder"),
        NameFault.BROKEN_ENCODING: say("read in another encoding than it was written in"),
        NameFault.CONTROL_CHARACTERS: say("control characters in it"),
        NameFault.NO_LETTERS: say("no letter in it"),
    }
    return named[value]


@dataclass(frozen=True, slots=True)
class RecordCovered:
    """A record of the registry: its kind, source and party, and what became of its name.

    `owned_id` is empty for a customer. `fault` is None for a name that is in order.
    """

    kind: str
    source: str
    party_id: str
    owned_id: str
    name: str
    coverage: Coverage
    fault: NameFault | None


@dataclass(frozen=True, slots=True)
class Completeness:
    """Every record, and whether the last run saw the names as they are now.

    `waiting` are parties that came or changed since the last run, `unknown` those
    that no record states (there must be none). `rejected` counts rows that intake
    refused, by file.
    """

    records: tuple[RecordCovered, ...]
    screened: int
    waiting: tuple[str, ...]
    unknown: tuple[str, ...]
    rejected: Mapping[str, int]

    def counts(self) -> Mapping[tuple[str, str, Coverage], int]:
        """Return (source, kind, coverage) → how many records."""
        found = Counter((one.source, one.kind, one.coverage) for one in self.records)
        return dict(sorted(found.items(), key=lambda item: (*item[0][:2], item[0][2].value)))

    @property
    def missed(self) -> int:
        """How many records should be screened and are not; there must be none."""
        return sum(one.coverage is Coverage.MISSED for one in self.records)

    def faults(self) -> Sequence[RecordCovered]:
        """Return the records whose name is not in order."""
        return [one for one in self.records if one.fault is not None]


@cache
def _words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the placeholders, and what text looks like that was read in a wrong encoding."""
    text = files("sluicegate.data").joinpath("screening_validation.yaml").read_text("utf-8")
    table = load_yaml(text)
    return frozenset(table["placeholders"]), tuple(table["broken"])


def fault_of(name: str) -> NameFault | None:
    """Return what is wrong with a name as a source gives it.

    >>> [fault_of(one) for one in ("", " N/A. ", "--", "MÃ¼ller", "Müller", "张伟")][:3]
    [<NameFault.EMPTY: 'empty'>, <NameFault.PLACEHOLDER: 'placeholder'>, <NameFault.PLACEHOLDER: \
'placeholder'>]
    >>> fault_of("MÃ¼ller"), fault_of("Müller"), fault_of("张伟")
    (<NameFault.BROKEN_ENCODING: 'broken_encoding'>, None, None)
    """
    placeholders, broken = _words()
    plain = unicodedata.normalize("NFKC", name)
    if not "".join(one for one in plain if unicodedata.category(one) not in _UNSEEN).strip():
        return NameFault.EMPTY
    if _folded(plain) in placeholders or not _folded(plain):
        return NameFault.PLACEHOLDER
    if any(one in name for one in broken):
        return NameFault.BROKEN_ENCODING
    if any(unicodedata.category(one) in ("Cc", "Co", "Cn", "Cs") for one in name):
        return NameFault.CONTROL_CHARACTERS
    return None if any(map(str.isalpha, plain)) else NameFault.NO_LETTERS


_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def _folded(name: str) -> str:
    """Return a name without what is neither letter nor digit; a run of one letter as three.

    >>> _folded(" N/A. "), _folded("XXXXXX"), _folded("- -")
    ('na', 'xxx', '')
    """
    text = "".join(one for one in name.casefold() if one.isalnum())
    return text[0] * 3 if len(text) > 3 and len(set(text)) == 1 else text


def completeness(
    store: Store, screened: Screened, baseline: Baseline, rejected: Mapping[str, int], *, on: date
) -> Completeness:
    """Follow every record of customers and owners to who is screened on a day."""
    records = [
        *_customers(store, screened, on),
        *_owners(store, screened, on),
    ]
    stated = {one.party_id for one in records if one.coverage is Coverage.SCREENED}
    now = {key: party.essence for key, party in screened.parties.items()}
    return Completeness(
        records=tuple(records),
        screened=len(now),
        waiting=tuple(key for key in sorted(now) if baseline.parties.get(key) != now[key]),
        unknown=tuple(sorted(set(now) - stated)),
        rejected=dict(sorted(rejected.items())),
    )


def _customers(store: Store, screened: Screened, on: date) -> Iterable[RecordCovered]:
    for one in store.records("customers"):
        assert isinstance(one, Customer)
        party = screened.parties.get(str(one.customer_id))
        if not one.name.strip():
            coverage = Coverage.NO_NAME
        elif one.closed is not None and one.closed <= on:
            coverage = Coverage.CLOSED
        elif party is not None and one.name in party.names:
            coverage = Coverage.SCREENED
        else:
            coverage = Coverage.MISSED
        yield RecordCovered(
            "customers",
            one.source,
            str(one.customer_id),
            "",
            one.name,
            coverage,
            fault_of(one.name),
        )


def _owners(store: Store, screened: Screened, on: date) -> Iterable[RecordCovered]:
    holding = {
        (one.source, one.owner_id, one.owned_id, one.valid_from)
        for one in store.records("ownership", as_of=on)
        if isinstance(one, OwnershipEdge)
    }
    for one in store.records("ownership"):
        assert isinstance(one, OwnershipEdge)
        party = screened.parties.get(str(one.owner_id))
        key = (one.source, one.owner_id, one.owned_id, one.valid_from)
        begins, ends = one.valid_from, one.valid_to
        if (begins is not None and begins > on) or (ends is not None and ends <= on):
            coverage = Coverage.NOT_IN_FORCE
        elif not one.owner_name.strip():
            coverage = Coverage.NO_NAME
        elif party is not None and one.owner_name in party.names:
            coverage = Coverage.SCREENED
        elif key not in holding:
            coverage = Coverage.REPLACED
        else:
            coverage = Coverage.ABOVE_NOBODY if party is None else Coverage.MISSED
        yield RecordCovered(
            "ownership",
            one.source,
            str(one.owner_id),
            str(one.owned_id),
            one.owner_name,
            coverage,
            fault_of(one.owner_name),
        )
