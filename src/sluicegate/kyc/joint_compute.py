"""Whether two providers' customers cross a threshold together, as two sets that are intersected.

Egan & Heim 2023, sec. 2.2.2, ask providers to find split purchases without
telling each other their customers. The threshold is cut into levels. For each
identifier of a customer with compute a, the asking provider enters
(identifier, i) for every level i from 1 with a ≥ i·T/n; the answering provider,
with compute b, enters (identifier, i) for every i with b ≥ (n - i)·T/n. The sets
have an element in common only when a + b ≥ T. Below that nothing is in common,
not even that both know the customer. What is in common tells the level of b,
and so a lower bound of the sum. A sum may pass the threshold by less than two
steps of T/n and not be seen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.canonical import digest
from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.registry.records import Customer, CustomerKind

PROTOCOL = "sluicegate-joint-compute-1"
LEAST_LEVELS = 2


class TermsError(ValueError):
    """Terms under which two providers cannot compare: which field, and what is wrong."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        self.field = field
        self.sentence = sentence
        super().__init__(f"{field}: {sentence}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What both providers agree on before anything is compared.

    `threshold` is in FLOP; compute is the central estimate of each provider up
    to and including the legal day `as_of`. `levels` is n; `elements` is the size
    to which both sets are filled up, so that their sizes tell nothing.
    """

    session: str
    asking: str
    answering: str
    threshold: int
    as_of: date
    levels: int
    elements: int

    def __post_init__(self) -> None:
        for name in ("session", "asking", "answering"):
            if not getattr(self, name).strip():
                raise TermsError(name, say("Nothing is given; say which."))
        if self.asking == self.answering:
            raise TermsError(
                "answering", say("A provider does not ask itself; name the other one.")
            )
        if self.threshold <= 0:
            raise TermsError("threshold", say("The threshold has to be above 0 FLOP."))
        for name, least in (("levels", LEAST_LEVELS), ("elements", self.levels)):
            given = getattr(self, name)
            if given < least:
                raise TermsError(
                    name,
                    say("{given} is too little; give {least} or more.", given=given, least=least),
                )

    @property
    def digest(self) -> str:
        """By which both sides know that they mean the same terms."""
        return digest(
            {
                "protocol": PROTOCOL,
                "session": self.session,
                "asking": self.asking,
                "answering": self.answering,
                "threshold": str(self.threshold),
                "as_of": self.as_of.isoformat(),
                "levels": self.levels,
                "elements": self.elements,
            }
        )

    def level(self, compute: Exact) -> int:
        """Return how many whole steps of T/n a compute has, at most n - 1."""
        steps = Fraction(compute) * self.levels / self.threshold
        return min(int(steps), self.levels - 1)

    def compute_of(self, level: int) -> Fraction:
        """Return the least compute that has a level."""
        return Fraction(self.threshold * level, self.levels)


@dataclass(frozen=True, slots=True)
class Element:
    """One entry of a set: an identifier at a level, and the party it stands for here."""

    party: str
    identifier: str
    level: int

    def text(self, terms: Terms) -> str:
        """Return what is blinded; of another session it is another text."""
        return f"{PROTOCOL}\n{terms.digest}\n{self.identifier}\n{self.level}"


@dataclass(frozen=True, slots=True)
class Joint:
    """A party that crosses the threshold together with the other provider.

    `own` is the compute here; `other_low` the least that the other provider has.
    """

    party: str
    own: Exact
    other_low: Fraction

    @property
    def low(self) -> Fraction:
        """The least that both have together."""
        return Fraction(self.own) + self.other_low


def identifiers_of(customer: Customer) -> tuple[str, ...]:
    """Return what names a customer the same at every provider, in a normal form.

    An entity is named by its LEI, and by its registration number with its
    country; an individual by name, date of birth and country together. What a
    provider has not collected names nobody. Names take little guessing: see the
    assumptions in the docs.
    """
    found = []
    if customer.lei:
        found.append(f"lei:{_plain(customer.lei)}")
    if customer.registration_number:
        found.append(f"reg:{_plain(customer.country)}:{_plain(customer.registration_number)}")
    if customer.customer_kind is CustomerKind.INDIVIDUAL and customer.birth_date is not None:
        words = sorted(_folded(customer.name).split())
        name = "".join(_plain(word) for word in words)
        found.append(f"person:{_plain(customer.country)}:{customer.birth_date}:{name}")
    return tuple(found)


def asking_elements(
    terms: Terms, compute: Mapping[str, Exact], identifiers: Mapping[str, Collection[str]]
) -> list[Element]:
    """Return the set of the provider that asks; party → compute, party → its identifiers.

    Raises:
        TermsError: the agreed size does not hold it.
    """
    return _fitting(
        terms,
        (
            Element(party, identifier, level)
            for party, identifier in _named(compute, identifiers)
            for level in range(1, terms.level(compute[party]) + 1)
        ),
    )


def answering_elements(
    terms: Terms, compute: Mapping[str, Exact], identifiers: Mapping[str, Collection[str]]
) -> list[Element]:
    """Return the set of the provider that answers.

    Raises:
        TermsError: the agreed size does not hold it.
    """
    return _fitting(
        terms,
        (
            Element(party, identifier, level)
            for party, identifier in _named(compute, identifiers)
            for level in range(terms.levels - terms.level(compute[party]), terms.levels)
        ),
    )


def joint_compute(
    terms: Terms, common: Iterable[Element], compute: Mapping[str, Exact]
) -> list[Joint]:
    """Return who crosses together, from what the asking provider's set has in common.

    The lowest level in common tells the other's level. Several identifiers of
    one party may name one customer of the other provider or several: the highest
    level of them counts, they are not added up.
    """
    lowest: dict[tuple[str, str], int] = {}
    for element in common:
        key = (element.party, element.identifier)
        lowest[key] = min(element.level, lowest.get(key, terms.levels))
    highest: dict[str, int] = {}
    for (party, _), level in lowest.items():
        highest[party] = max(terms.levels - level, highest.get(party, 0))
    return [
        Joint(party, compute[party], terms.compute_of(highest[party])) for party in sorted(highest)
    ]


def _named(
    compute: Mapping[str, Exact], identifiers: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    for party in sorted(compute):
        for identifier in sorted(set(identifiers.get(party, ()))):
            yield party, identifier


def _fitting(terms: Terms, elements: Iterable[Element]) -> list[Element]:
    """Return the elements, each text once; two parties with one identifier share it."""
    found: dict[tuple[str, int], Element] = {}
    for element in elements:
        found.setdefault((element.identifier, element.level), element)
        if len(found) > terms.elements:
            raise TermsError(
                "elements",
                say(
                    "{elements} elements do not hold this provider's set; agree on more.",
                    elements=terms.elements,
                ),
            )
    return list(found.values())


def _folded(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in parted if not unicodedata.combining(one))


def _plain(text: str) -> str:
    return "".join(one for one in _folded(text) if one.isalnum())
