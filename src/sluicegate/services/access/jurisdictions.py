"""Whose rules an instrument is: the codes by which what people may see is cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from sluicegate.core.exact import load_yaml
from sluicegate.rules.countries import country_names, is_country
from sluicegate.rules.instruments import Title

OWN = "OWN"
"""The organisation's own rules, and every instrument that no list names."""


@dataclass(frozen=True, slots=True)
class _Table:
    first_segments: Mapping[str, str]
    by_member: Mapping[str, str]
    labels: Mapping[str, Title]


@lru_cache(maxsize=1)
def _table() -> _Table:
    path = files("sluicegate") / "data" / "vocabularies" / "jurisdictions.yaml"
    read = load_yaml(path.read_text(encoding="utf-8"))
    labels = {code: Title(english, chinese) for code, (english, chinese) in read["labels"].items()}
    return _Table(read["first_segments"], read["by_member"], labels)


@lru_cache(maxsize=4096)
def jurisdiction_of(identifier: str) -> str:
    """Return the jurisdiction of an instrument, or of a rule or parameter in one, by its id.

    >>> jurisdiction_of("us_ca.sb53"), jurisdiction_of("aisi.fr"), jurisdiction_of("aisi.network")
    ('US-CA', 'FR', 'INT')
    >>> jurisdiction_of("local.own_threshold"), jurisdiction_of("house_rule")
    ('OWN', 'OWN')
    """
    table = _table()
    first, _, rest = identifier.partition(".")
    shared = table.by_member.get(first)
    if shared is None:
        return table.first_segments.get(first, OWN)
    member = rest.partition(".")[0].upper()
    return member if is_country(member) or member in table.labels else shared


def jurisdictions() -> tuple[str, ...]:
    """Return the codes that a first segment stands for, in order of the alphabet.

    A member's code, such as JP of `aisi.jp`, may stand beside them.
    """
    table = _table()
    return tuple(sorted({*table.first_segments.values(), *table.by_member.values()}))


def is_jurisdiction(code: str) -> bool:
    """Say whether a code is one that `jurisdiction_of` may return.

    >>> is_jurisdiction("US-CA"), is_jurisdiction("JP"), is_jurisdiction("us")
    (True, True, False)
    """
    return code in _table().labels or is_country(code)


def jurisdiction_label(code: str) -> Title:
    """Return the name of a jurisdiction in both languages; a code without one is its own name.

    >>> jurisdiction_label("US-CA").en, jurisdiction_label("KR").en
    ('California', 'South Korea')
    """
    return _table().labels.get(code) or country_names().get(code) or Title(code, code)
