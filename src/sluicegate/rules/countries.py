"""Country codes and groupings as facts and files give them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from sluicegate.core.exact import load_yaml


@lru_cache(maxsize=1)
def _countries() -> dict[str, frozenset[str]]:
    path = files("sluicegate") / "data" / "vocabularies" / "countries.yaml"
    lists = load_yaml(path.read_text(encoding="utf-8"))
    return {name: frozenset(codes.split()) for name, codes in lists.items()}


def is_country(code: str) -> bool:
    """Say whether a text is an ISO 3166-1 alpha-2 code, or XK.

    >>> is_country("NO"), is_country("no"), is_country("ZZ")
    (True, False, False)
    """
    return code in _countries()["codes"]


def european_union() -> frozenset[str]:
    """Return the member states of the European Union."""
    return _countries()["european_union"]
