"""Country codes and groupings as facts and files give them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sluicegate.core.exact import load_yaml
from sluicegate.rules.instruments import Title


def _vocabulary(name: str) -> Any:
    path = files("sluicegate") / "data" / "vocabularies" / name
    return load_yaml(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _countries() -> dict[str, frozenset[str]]:
    lists = _vocabulary("countries.yaml")
    return {name: frozenset(codes.split()) for name, codes in lists.items()}


def is_country(code: str) -> bool:
    """Say whether a text is an ISO 3166-1 alpha-2 code, or XK.

    >>> is_country("NO"), is_country("no"), is_country("ZZ")
    (True, False, False)
    """
    return code in _countries()["codes"]


COUNTED_AS = {"HK": "CN"}
"""Codes of places that the texts count as another; their entry for China has Hong Kong."""


def counted_as(code: str) -> str:
    """Return the code under which lists of the texts know a place.

    >>> counted_as("HK"), counted_as("MO")
    ('CN', 'MO')
    """
    return COUNTED_AS.get(code, code)


def european_union() -> frozenset[str]:
    """Return the member states of the European Union."""
    return _countries()["european_union"]


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, Title]:
    """Return code → name for every code that `is_country` knows."""
    names = _vocabulary("country_names.yaml")
    return {code: Title(english, chinese) for code, (english, chinese) in names.items()}
