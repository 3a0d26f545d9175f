"""Paths: what one run of a decision found out about its facts, step by step.

A path is a list of comparisons of linear forms of facts with levels, of facts
that were given or not, and of facts whose very value was used. Other facts that
agree with every step of a path make the decision go the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole


class Relation(Enum):
    """How a form stands to a level; the others are these denied."""

    BELOW = "<"
    AT_MOST = "<="
    EQUAL = "=="

    def holds(self, value: Exact, level: Exact) -> bool:
        """Say whether a value stands so to a level; exact."""
        if self is Relation.BELOW:
            return value < level
        return value <= level if self is Relation.AT_MOST else value == level


Terms = tuple[tuple[str, Exact], ...]
"""Facts with their factors, in order of names; no factor is 0."""


@dataclass(frozen=True, slots=True)
class Form:
    """A sum of facts, each times a factor, and a constant; a day counts by its ordinal."""

    terms: Terms
    constant: Exact = 0

    @classmethod
    def of(cls, fact: str) -> Form:
        """Return the form that is one fact."""
        return cls(((fact, 1),))

    def plus(self, other: Form, factor: Exact = 1) -> Form:
        """Return this form and a multiple of another."""
        factors = dict(self.terms)
        for fact, one in other.terms:
            factors[fact] = factors.get(fact, 0) + one * factor
        terms = tuple(sorted((fact, one) for fact, one in factors.items() if one != 0))
        return Form(terms, self.constant + other.constant * factor)

    def times(self, factor: Exact) -> Form:
        """Return a multiple of this form."""
        return Form(()).plus(self, factor)

    def value(self, facts: Mapping[str, Exact]) -> Exact:
        """Return what the form comes to for the values of its facts; exact."""
        return sum((factor * facts[fact] for fact, factor in self.terms), self.constant)


@dataclass(frozen=True, slots=True)
class Compared:
    """The path depends on how a sum of facts stands to a level; the first factor is 1."""

    terms: Terms
    relation: Relation
    level: Exact
    held: bool

    def agrees(self, facts: Mapping[str, Exact]) -> bool:
        """Say whether other facts stand to the level as those of the path do; exact."""
        return self.relation.holds(Form(self.terms).value(facts), self.level) is self.held


@dataclass(frozen=True, slots=True)
class Given:
    """The path depends on whether a fact was given."""

    fact: str
    given: bool


@dataclass(frozen=True, slots=True)
class Fixed:
    """The path depends on the very value of a fact."""

    fact: str


Step = Compared | Given | Fixed


@dataclass(slots=True)
class _Range:
    """What earlier steps of a path say about a sum: bounds, if they are reached, single values."""

    low: Exact | None = None
    low_reached: bool = True
    high: Exact | None = None
    high_reached: bool = True
    denied: set[Exact] = field(default_factory=set)

    def answer(self, relation: Relation, level: Exact) -> bool | None:
        """Return how a comparison comes out, or None where both are possible."""
        if relation is Relation.EQUAL:
            if self.low == self.high == level:
                return True
            possible = self._may_be_at_most(level) and self._may_be_at_least(level)
            return None if possible and level not in self.denied else False
        strict = relation is Relation.BELOW
        if self.high is not None and (
            self.high < level or (self.high == level and not (strict and self.high_reached))
        ):
            return True
        if self.low is not None and (
            self.low > level or (self.low == level and (strict or not self.low_reached))
        ):
            return False
        return None

    def _may_be_at_most(self, level: Exact) -> bool:
        low = self.low
        return low is None or low < level or (low == level and self.low_reached)

    def _may_be_at_least(self, level: Exact) -> bool:
        high = self.high
        return high is None or high > level or (high == level and self.high_reached)

    def narrow(self, relation: Relation, level: Exact, held: bool) -> None:
        """Take up what a comparison that was open has shown."""
        if relation is Relation.EQUAL and held:
            self.low = self.high = level
            self.low_reached = self.high_reached = True
        elif relation is Relation.EQUAL:
            self.denied.add(level)
        elif held:
            self.high, self.high_reached = level, relation is Relation.AT_MOST
        else:
            self.low, self.low_reached = level, relation is Relation.BELOW
        self.low_reached = self.low_reached and self.low not in self.denied
        self.high_reached = self.high_reached and self.high not in self.denied


class Recording:
    """The path of one run of a decision, step by step; `close` ends it.

    A comparison that earlier steps settle is no step of its own. After the end
    recorded facts are ordinary values, so that an answer can be looked at.
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.values: dict[str, Exact] = {}
        self._fixed: set[str] = set()
        self._given: set[str] = set()
        self._ranges: dict[Terms, _Range] = {}
        self._open = True

    def close(self) -> None:
        """End the record."""
        self._open = False

    def given(self, fact: str, given: bool) -> None:
        """Record that the path depends on whether a fact was given."""
        if self._open and fact not in self._given and fact not in self._fixed:
            self._given.add(fact)
            self.steps.append(Given(fact, given))

    def fix(self, fact: str) -> None:
        """Record that the path depends on the very value of a fact."""
        if self._open and fact not in self._fixed:
            self._fixed.add(fact)
            self.steps.append(Fixed(fact))

    def is_fixed(self, form: Form) -> bool:
        """Say whether every fact of a form is fixed."""
        return all(fact in self._fixed for fact, _ in form.terms)

    def compare(self, form: Form, relation: Relation, held: bool) -> None:
        """Record how a form stands to zero."""
        if not self._open:
            return
        fixed = sum(one * self.values[fact] for fact, one in form.terms if fact in self._fixed)
        open_terms = [term for term in form.terms if term[0] not in self._fixed]
        if not open_terms:
            return
        lead = open_terms[0][1]
        level = whole(Fraction(-form.constant - fixed) / lead)
        terms = tuple((fact, whole(Fraction(one) / lead)) for fact, one in open_terms)
        if lead < 0 and relation is not Relation.EQUAL:
            relation = Relation.AT_MOST if relation is Relation.BELOW else Relation.BELOW
            held = not held
        self._step(terms, relation, level, held)

    def _step(self, terms: Terms, relation: Relation, level: Exact, held: bool) -> None:
        known = self._ranges.setdefault(terms, _Range())
        if known.answer(relation, level) is None:
            known.narrow(relation, level, held)
            self.steps.append(Compared(terms, relation, level, held))
