"""Country codes as facts and files give them."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from sluicegate.core.exact import load_yaml


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Return every ISO 3166-1 alpha-2 code, and XK."""
    path = files("sluicegate") / "data" / "vocabularies" / "countries.yaml"
    return frozenset(load_yaml(path.read_text(encoding="utf-8"))["codes"].split())


def is_country(code: str) -> bool:
    """Say whether a text is such a code.

    >>> is_country("NO"), is_country("no"), is_country("ZZ")
    (True, False, False)
    """
    return code in country_codes()
