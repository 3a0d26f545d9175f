"""Links between customers as they were last found, and what people decided about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.linkage import Aside, Common, Decision, Link, LinkKind, Pattern


@dataclass(frozen=True, slots=True)
class LinkMark:
    """When links were last found and kept: the day, the policy, what came of it.

    `digest` covers links and groups; `common` counts the things that too many
    customers share to link anything, `aside` the pairs whose links are not used
    because they would join too many.
    """

    as_of: date
    version: str
    digest: str
    customers: int
    links: int
    groups: int
    common: int
    aside: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptLink:
    """A link as it was found, in its group; `holds` says that its pair is held together.

    `group` is empty where the pair stands in none. `aside` says why the pair is
    not held, though its links would be enough.
    """

    link: Link
    holds: bool
    group: str
    aside: Aside | None = None

    @property
    def why_aside(self) -> Sentence | None:
        """Say why the links of the pair are not used; None where they are, or are too few."""
        if self.aside is None:
            return None
        told = {
            Pattern.HUB: say(
                "One of the two stands beside {count} customers that share nothing among"
                " themselves: one kind of evidence with it is not used as a link.",
                count=self.aside.customers - 1,
            ),
            Pattern.CHAIN: say(
                "It would join {count} customers to one group: not used as a link.",
                count=self.aside.customers,
            ),
        }
        return told[self.aside.pattern]


@dataclass(frozen=True, slots=True)
class KeptCommon:
    """A thing that too many customers share to link them, by its digest.

    `customers` are those of them that were asked about.
    """

    kind: LinkKind
    evidence: str
    sharers: int
    customers: tuple[str, ...] = ()

    @property
    def why(self) -> Sentence:
        """Say why it links nobody."""
        return say(
            "{kind:term}: shared by {count} customers, not used as a link.",
            kind=self.kind.value,
            count=self.sharers,
        )


@dataclass(frozen=True, slots=True)
class KeptGroup:
    """A group of linked customers, by the least of their ids."""

    group_id: str
    members: int
    links: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two customers that may belong together, the lesser id first.

    `per_mille` is the model's probability in thousandths; `agreeing` names the
    particulars that are the same or nearly so.
    """

    a: str
    b: str
    per_mille: int
    agreeing: tuple[str, ...]


class LinkStore(Protocol):
    """Links of one tenant."""

    def decide(self, decision: Decision) -> None:
        """Enter a decision; earlier ones stay."""
        ...

    def decisions(self, *, known_on: datetime | None = None) -> Sequence[Decision]:
        """Return all decisions, oldest first."""
        ...

    def keep(
        self,
        mark: LinkMark,
        links: Sequence[KeptLink],
        members: Mapping[str, str],
        common: Sequence[Common],
        *,
        at: datetime,
    ) -> bool:
        """Keep what was found in the place of what was; return whether anything changed.

        `members` is customer → group.
        """
        ...

    def mark(self) -> LinkMark | None:
        """Say when links were last found, or None."""
        ...

    def groups(self, *, after: str = "", limit: int = 100) -> Sequence[KeptGroup]:
        """Return groups in order of their ids, those after an id."""
        ...

    def group_of(self, customer: str) -> str | None:
        """Return the group that a customer stands in."""
        ...

    def members(self, group: str) -> Sequence[str]:
        """Return the customers of a group, in order."""
        ...

    def links_of(self, group: str) -> Sequence[KeptLink]:
        """Return the links within a group, in order of their pairs."""
        ...

    def links_between(self, one: str, other: str) -> Sequence[KeptLink]:
        """Return the links between two customers."""
        ...

    def links_aside(self, *, limit: int = 100) -> Sequence[KeptLink]:
        """Return links that are not used because they would join too many, in order of pairs."""
        ...

    def links_aside_of(self, customer: str, *, limit: int = 100) -> Sequence[KeptLink]:
        """Return those of one customer."""
        ...

    def common_things(self, *, limit: int = 100) -> Sequence[KeptCommon]:
        """Return what is too common to link anybody, the most common first, nobody named."""
        ...

    def common_in(self, group: str) -> Sequence[KeptCommon]:
        """Return what is too common and two or more of a group have, with who has it."""
        ...

    def common_of(self, customer: str) -> Sequence[KeptCommon]:
        """Return what a customer has that is too common to link anybody."""
        ...

    def keep_suggestions(self, suggestions: Sequence[Suggestion], *, at: datetime) -> None:
        """Keep what a model suggests in the place of what it did."""
        ...

    def suggestions(self) -> Sequence[Suggestion]:
        """Return what was last suggested, the most probable first."""
        ...


class DuplicatesError(RuntimeError):
    """No duplicates can be looked for; `sentence` says why, and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a customer is compared by, each in its normal form; empty where nothing is known."""

    customer: str
    name: str
    address: str
    telephone: str
    domain: str
    birth_date: str
    country: str


class DuplicateFinder(Protocol):
    """Looks for duplicates in a batch, by a model trained on that batch."""

    def suggest(
        self, particulars: Sequence[Particulars], *, least_per_mille: int
    ) -> Sequence[Suggestion]:
        """Return pairs of at least a probability, the most probable first.

        The same particulars give the same answer, in whatever order they come.
        Raises DuplicatesError.
        """
        ...
