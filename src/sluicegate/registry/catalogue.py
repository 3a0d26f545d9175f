"""The hardware catalogue: accelerators, cloud instance types, and names to find them by.

Every peak is dense and exact. A name that the catalogue does not know stays
unknown: it is bounded from above and listed, never guessed and never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from sluicegate.core.canonical import digest
from sluicegate.core.exact import load_yaml
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.catalogue_entries import (
    Source,
    read_accelerators,
    read_instance_types,
    read_sources,
)
from sluicegate.registry.hardware import Accelerator, InstanceType

__all__ = [
    "Accelerator",
    "Catalogue",
    "InstanceType",
    "Resolution",
    "ResolutionKind",
]

LOCAL_PREFIX = "local."
"""How the id of an accelerator of the user's own begins."""

UNKNOWN_PREFIX = "unknown:"

# A leading word that names a maker or a cloud may be left out, but it may not contradict.
_VENDOR_WORDS: dict[str, frozenset[str]] = {
    word: frozenset(labels.split("|"))
    for word, labels in {
        "nvidia": "NVIDIA",
        "tesla": "NVIDIA|Tesla",
        "geforce": "NVIDIA",
        "amd": "AMD",
        "radeon": "AMD",
        "instinct": "AMD",
        "google": "Google|gcp",
        "gcp": "Google|gcp",
        "cloud": "Google|gcp",
        "aws": "Amazon|aws",
        "amazon": "Amazon|aws",
        "azure": "Microsoft|azure",
        "microsoft": "Microsoft|azure",
        "oci": "oci",
        "lambda": "lambda",
        "nebius": "nebius",
        "coreweave": "coreweave",
        "intel": "Intel",
        "habana": "Intel",
        "huawei": "Huawei",
        "cambricon": "Cambricon",
        "baidu": "Baidu",
        "graphcore": "Graphcore",
        "cerebras": "Cerebras",
        "groq": "Groq",
        "sambanova": "SambaNova",
        "meta": "Meta",
        "qualcomm": "Qualcomm",
    }.items()
}
_GRES_PREFIX = re.compile(r"^(?:gres[/:])?gpu[:/=](?=\S)")
_SEPARATORS = re.compile(r"\((?:r|tm)\)|[\s\-_/(),:+®™]+")
# How a cloud's own services and price lists begin the name of an instance type.
_TYPE_PREFIXES = (("ml.", "aws"), ("standard", "azure"))


class ResolutionKind(Enum):
    """What a name turned out to be."""

    ACCELERATOR = "accelerator"
    INSTANCE_TYPE = "instance_type"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means: an accelerator, an instance type with its count, or nothing known.

    `count` is how many accelerators one unit of the named thing holds; an
    unknown thing counts as one. `before_release` marks a day before the
    accelerator's release: the name is believed, the oddity reported.
    """

    kind: ResolutionKind
    text: str
    accelerator: Accelerator | None = None
    instance_type: InstanceType | None = None
    count: Fraction = Fraction(1)
    note: str = ""
    before_release: bool = False

    @property
    def stored_as(self) -> str:
        """Return the name under which usage is stored: the id, or `unknown:` and the text."""
        return self.accelerator.id if self.accelerator else UNKNOWN_PREFIX + self.text


@dataclass(frozen=True, slots=True)
class _Name:
    """A name without separators and leading vendor words, and those words."""

    key: str
    vendors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What an index key stands for."""

    accelerator: Accelerator
    instance_type: InstanceType | None = None
    note: str = ""

    @property
    def meaning(self) -> tuple[str, str]:
        return self.accelerator.id, self.instance_type.name if self.instance_type else ""

    def agrees_with(self, vendors: tuple[str, ...]) -> bool:
        own = {self.instance_type.provider} if self.instance_type else set()
        own.add(self.accelerator.manufacturer)
        spoken = self.accelerator.name.lower().split()
        return all(own & _VENDOR_WORDS[word] or word in spoken for word in vendors)


@dataclass(frozen=True)
class Catalogue:
    """All known accelerators and instance types, found by id, name or alias."""

    accelerators: tuple[Accelerator, ...]
    instance_types: tuple[InstanceType, ...]
    digest: str
    _index: Mapping[str, _Entry] = field(repr=False)

    @classmethod
    def load(cls) -> Catalogue:
        """Return the shipped catalogue; it is read once.

        >>> Catalogue.load().resolve("NVIDIA H100 80GB HBM3").accelerator.id
        'nvidia-h100-sxm5-80gb'
        """
        return _shipped()

    def accelerator(self, accelerator_id: str) -> Accelerator:
        """Return an accelerator by its id; raise KeyError where there is none."""
        for known in self.accelerators:
            if known.id == accelerator_id:
                return known
        raise KeyError(f"accelerator {accelerator_id!r} is not in the catalogue; resolve it first")

    def resolve(self, text: str, *, on: date | None = None) -> Resolution:
        """Say what a name means, tolerant of case, separators and a vendor's name in front.

        >>> Catalogue.load().resolve("p5.48xlarge").count
        Fraction(8, 1)
        """
        text = text.removeprefix(UNKNOWN_PREFIX)
        found = self._find(_name(text))
        if found is None:
            note = f"{text!r} is not in the catalogue; its use is bounded from above"
            return Resolution(ResolutionKind.UNKNOWN, text, note=note)
        accelerator, instance_type = found.accelerator, found.instance_type
        return Resolution(
            ResolutionKind.INSTANCE_TYPE if instance_type else ResolutionKind.ACCELERATOR,
            text,
            accelerator,
            instance_type,
            instance_type.count if instance_type else Fraction(1),
            found.note,
            on is not None and accelerator.valid_from > on,
        )

    def _find(self, name: _Name) -> _Entry | None:
        found = self._index.get(name.key)
        if found is None:
            for prefix, provider in _TYPE_PREFIXES:
                rest = self._index.get(name.key.removeprefix(prefix))
                if rest and rest.instance_type and rest.instance_type.provider == provider:
                    found = rest
        return found if found and found.agrees_with(name.vendors) else None

    def bound_for_unknown(self, on: date) -> Accelerator:
        """Return the accelerator with the highest metering peak that was out on a day.

        Before the first release in the catalogue it is the first one released.
        """
        out = [known for known in self.accelerators if known.valid_from <= on]
        if not out:
            return min(self.accelerators, key=lambda known: (known.valid_from, known.id))
        highest = max(known.metering_peak for known in out)
        return min((k for k in out if k.metering_peak == highest), key=lambda k: k.id)

    def extended(
        self, additions: Mapping[str, Any], *, file: str = "rules/accelerators.yaml"
    ) -> Catalogue:
        """Return the catalogue with a user's own entries, which may add but never shadow.

        `additions` has the keys `accelerators` and `instance_types`, each as in
        the shipped files; an accelerator's id begins with `local.`. Raises
        ProblemsError with every fault found.
        """
        source = Source(file, None)
        accelerators = read_accelerators(additions.get("accelerators") or (), source)
        ids = frozenset(known.id for known in (*self.accelerators, *accelerators.items))
        types = read_instance_types(additions.get("instance_types") or (), ids, source)
        problems = [*accelerators.problems, *types.problems]
        problems += [
            Problem(
                file, None, "id", f"{new.id!r} is no local id", f"call it {LOCAL_PREFIX}{new.id}"
            )
            for new in accelerators.items
            if not new.id.startswith(LOCAL_PREFIX)
        ]
        problems += [
            Problem(
                file, None, str(key), "is no part of this file", "give accelerators, instance_types"
            )
            for key in additions
            if key not in ("accelerators", "instance_types")
        ]
        index = dict(self._index)
        problems += _enter(index, self.accelerators, accelerators.items, types.items, file)
        if problems:
            raise ProblemsError(problems)
        return Catalogue(
            self.accelerators + accelerators.items,
            self.instance_types + types.items,
            digest([self.digest, _plain(additions)]),
            index,
        )


@cache
def _shipped() -> Catalogue:
    folder = resources.files("sluicegate").joinpath("data")
    texts = [
        folder.joinpath(name).read_text(encoding="utf-8")
        for name in ("accelerators.yaml", "instance_types.yaml")
    ]
    devices, offers = (load_yaml(text) for text in texts)
    source = Source("accelerators.yaml", read_sources(devices))
    accelerators = read_accelerators(devices["accelerators"], source)
    ids = frozenset(known.id for known in accelerators.items)
    source = Source("instance_types.yaml", read_sources(offers))
    types = read_instance_types(offers["instance_types"], ids, source)
    index: dict[str, _Entry] = {}
    problems = [*accelerators.problems, *types.problems]
    problems += _enter(index, (), accelerators.items, types.items, "accelerators.yaml")
    if problems:
        raise ProblemsError(problems)
    return Catalogue(accelerators.items, types.items, digest(texts), index)


def _enter(
    index: dict[str, _Entry],
    present: tuple[Accelerator, ...],
    accelerators: tuple[Accelerator, ...],
    types: tuple[InstanceType, ...],
    file: str,
) -> list[Problem]:
    """Add names to the index; return a problem for each that already means something else."""
    by_id = {known.id: known for known in (*present, *accelerators)}
    problems: list[Problem] = []

    def enter(text: str, entry: _Entry, label: str) -> None:
        name = _name(text)
        taken = index.setdefault(name.key, entry)
        if not entry.agrees_with(name.vendors):
            fault = f"{text!r} begins with the name of another maker or provider"
            problems.append(Problem(file, None, label, fault, "leave that name out"))
        elif taken.meaning != entry.meaning:
            fault = f"{text!r} already stands for {taken.meaning[1] or taken.meaning[0]}"
            problems.append(Problem(file, None, label, fault, "leave the name to one of them"))

    for known in accelerators:  # Short names first: their note stays where a full name agrees.
        for short in known.short_names:
            problems += _short_name_problems(known, short, by_id, file)
            among = ", ".join((known.id, *known.short_names[short]))
            note = f"{short!r} may mean any of {among}; the one with the highest peak is taken"
            enter(short, _Entry(known, note=note), known.id)
        for text in (known.id, known.name, *known.aliases):
            enter(text, _Entry(known), known.id)
    for offer in types:
        if offer.accelerator_id in by_id:
            enter(offer.name, _Entry(by_id[offer.accelerator_id], offer), offer.name)
    return problems


def _short_name_problems(
    known: Accelerator, short: str, by_id: Mapping[str, Accelerator], file: str
) -> Iterator[Problem]:
    for other_id in known.short_names[short]:
        other = by_id.get(other_id)
        if other is None:
            fault, way_out = f"{other_id!r} is not in the catalogue", "correct the id"
        elif other.metering_peak > known.metering_peak:
            fault, way_out = f"{other_id} has a higher peak", f"give it the short name {short!r}"
        else:
            continue
        yield Problem(file, None, f"{known.id} short_names", fault, way_out)


def _plain(value: Any) -> Any:
    """Return a document with its exact decimals as text, for hashing."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _name(text: str) -> _Name:
    words = [w for w in _SEPARATORS.split(_GRES_PREFIX.sub("", text.strip().lower())) if w]
    start = 0
    while start < len(words) - 1 and words[start] in _VENDOR_WORDS:
        start += 1
    return _Name("".join(words[start:]), tuple(words[:start]))
