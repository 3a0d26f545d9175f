"""Customers who are listed, or stand below listed parties, and others that only look so.

The lists are invented, under the ids of real ones, so that each rule that reads
a list has something to read. Nobody who is listed is written as the list writes it.
"""

from collections.abc import Callable

from sluicegate.demo.draft import Draft, Party
from sluicegate.demo.listed_names import FirmName, slip
from sluicegate.demo.names import lei
from sluicegate.demo.patterns.lister import (
    BLOCKED,
    ENTITIES,
    OLDER_DAYS,
    OWN,
    Drawn,
    Lister,
    day_from_end,
)
from sluicegate.demo.records import ListedKind, PartyKind
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, Subject, SubjectKind

_LEI_FROM = 900_000
"""Numbers of listed firms in their identifiers; those of customers lie below."""


def add_listed_parties(draft: Draft, sites: Sites) -> None:
    """Add lists, customers whom they reach in ways that are hard to see, and look-alikes."""
    lister = Lister(draft, sites)
    for way, draw in _WAYS:
        drawn = draw(lister)
        for patterns, near_miss in ((drawn.holds, False), (drawn.seems, True)):
            for pattern in patterns:
                draft.add_pattern(
                    pattern,
                    Subject(SubjectKind.CUSTOMER, id=drawn.customer_id),
                    near_miss=near_miss,
                    detail={
                        "way": way,
                        "listed": ";".join(drawn.parties),
                        "entries": ";".join(drawn.entries),
                    },
                )


# Customers that are listed


def _itself(customer_id: str, *entries: str) -> Drawn:
    return Drawn(customer_id, (customer_id,), entries)


def _other_script(lister: Lister) -> Drawn:
    name, country, born = lister.names.person(), lister.country(), lister.born(1950, 1990)
    entry = lister.put(BLOCKED, name.cyrillic, ListedKind.PERSON, country, birth_date=born)
    return _itself(lister.customer(country, name.plain, born=born), entry)


def _word_as_two(lister: Lister) -> Drawn:
    """A firm that the newer version of the list brought."""
    name, country = lister.names.firm(), lister.country()
    since = day_from_end(lister.draft, -lister.draws.whole(5, OLDER_DAYS - 5)).isoformat()
    entry = lister.put(ENTITIES, f"{name.plain} LLC", ListedKind.FIRM, country, since=since)
    return _itself(lister.customer(country, f"{name.parted} LLC"), entry)


def _form_written_out(lister: Lister) -> Drawn:
    """A firm on two lists, which its legal entity identifier makes one party."""
    name, number = lister.names.firm(), f"lei:{lei(_LEI_FROM + len(lister.draft.listings))}"
    entries = tuple(
        lister.put(one, f"{name.plain} GmbH", ListedKind.FIRM, "DE", identifiers=number)
        for one in (BLOCKED, ENTITIES)
    )
    written = f"{name.plain} Gesellschaft mit beschränkter Haftung"
    return _itself(lister.customer("DE", written), *entries)


def _weak_alias(lister: Lister) -> Drawn:
    name, country, called = lister.names.firm(), lister.country(), lister.names.short_name()
    kind = ListedKind.FIRM
    entry = lister.put(BLOCKED, f"{name.plain} FZE", kind, country, weak_names=called)
    return _itself(lister.customer(country, f"{called.capitalize()} FZE"), entry)


def _former_name(lister: Lister) -> Drawn:
    name, before, country = lister.names.firm(), lister.names.firm(), lister.country()
    kind, was = ListedKind.FIRM, f"{before.plain} Ltd"
    entry = lister.put(OWN, f"{name.plain} Ltd", kind, country, former_names=was)
    return _itself(lister.customer(country, before.plain), entry)


# Customers below listed parties


def _director(lister: Lister) -> Drawn:
    name, country = lister.names.person(), lister.country()
    entry = lister.person(name, country)
    director = lister.draft.add_party(PartyKind.INDIVIDUAL, country, slip(lister.draws, name.plain))
    customer_id = lister.customer(country)
    lister.draft.own(director, customer_id, None, role="director")
    lister.holders(customer_id, country, 450, 450)
    return Drawn(customer_id, (director.party_id,), (entry,))


def _minority(lister: Lister) -> Drawn:
    """An owner whose name is an alias on the list."""
    name, other, country = lister.names.person(), lister.names.person(), lister.country()
    entry = lister.person(name, country, aliases=other.as_listed)
    owner = lister.draft.add_party(PartyKind.INDIVIDUAL, country, other.plain)
    customer_id = lister.customer(country)
    lister.draft.own(owner, customer_id, 150, role="investor")
    lister.holders(customer_id, country, 425, 425)
    return Drawn(customer_id, (owner.party_id,), (entry,))


_BLOCKED = (Pattern.LISTED_PARTY, Pattern.OWNED_BY_BLOCKED)
_ENTITY = (Pattern.LISTED_PARTY, Pattern.OWNED_BY_ENTITY_LISTED)


def _two_layers(lister: Lister) -> Drawn:
    draft, country = lister.draft, lister.country()
    customer_id = lister.customer(country)
    owner, entry = lister.owner(country)
    holding = draft.add_party(PartyKind.ENTITY, country)
    shell = draft.add_party(PartyKind.ENTITY, country)
    draft.own(owner, holding.party_id, lister.draws.whole(550, 700), controls=True)
    draft.own(holding, shell.party_id, lister.draws.whole(550, 700), controls=True)
    draft.own(shell, customer_id, lister.draws.whole(550, 700), controls=True)
    return Drawn(customer_id, (owner.party_id,), (entry,), _BLOCKED)


def _half_together(lister: Lister) -> Drawn:
    country = lister.country()
    customer_id = lister.customer(country)
    (one, first), (other, second) = lister.owner(country), lister.owner(country)
    lister.draft.own(one, customer_id, 300, role="shareholder")
    lister.draft.own(other, customer_id, 200, role="shareholder")
    lister.holders(customer_id, country, 300, 200)
    return Drawn(customer_id, (one.party_id, other.party_id), (first, second), _BLOCKED)


def _entity_directly(lister: Lister) -> Drawn:
    country = lister.country()
    customer_id = lister.customer(country)
    owner, entry = lister.firm_owner(country)
    lister.draft.own(owner, customer_id, lister.draws.whole(550, 900), controls=True, role="parent")
    return Drawn(customer_id, (owner.party_id,), (entry,), _ENTITY)


def _entity_beside_its_company(lister: Lister) -> Drawn:
    """A listed firm holds a part, and another part through a company that is its own."""
    draft, country = lister.draft, lister.country()
    customer_id = lister.customer(country)
    owner, entry = lister.firm_owner(country)
    company = draft.add_party(PartyKind.ENTITY, country)
    draft.own(owner, company.party_id, 510, controls=True, role="parent")
    draft.own(owner, customer_id, 240, role="shareholder")
    draft.own(company, customer_id, 260, role="shareholder")
    lister.holders(customer_id, country, 250, 250)
    return Drawn(customer_id, (owner.party_id,), (entry,), _ENTITY)


# Look-alikes

_ALIKE = (Pattern.LISTED_PARTY,)


def _just_below_half(lister: Lister) -> Drawn:
    country = lister.country()
    customer_id = lister.customer(country)
    (one, first), (other, second) = lister.owner(country), lister.owner(country)
    lister.draft.own(one, customer_id, 250, role="shareholder")
    lister.draft.own(other, customer_id, 249, role="shareholder")
    lister.holders(customer_id, country, 251, 250)
    seems = (Pattern.OWNED_BY_BLOCKED,)
    return Drawn(customer_id, (one.party_id, other.party_id), (first, second), _ALIKE, seems)


def _below_half_of_a_parent(
    owner_of: Callable[[Lister, str], tuple[Party, str]], seems: Pattern
) -> Callable[[Lister], Drawn]:
    """A listed party with less than half of a company that owns the customer whole."""

    def draw(lister: Lister) -> Drawn:
        draft, country = lister.draft, lister.country()
        customer_id = lister.customer(country)
        owner, entry = owner_of(lister, country)
        parent = draft.add_party(PartyKind.ENTITY, country)
        draft.own(owner, parent.party_id, lister.draws.whole(300, 480), role="shareholder")
        draft.own(parent, customer_id, 1000, controls=True, role="parent")
        return Drawn(customer_id, (owner.party_id,), (entry,), _ALIKE, (seems,))

    return draw


def _entity_with_a_part(lister: Lister) -> Drawn:
    country = lister.country()
    customer_id = lister.customer(country)
    owner, entry = lister.firm_owner(country)
    lister.draft.own(owner, customer_id, 350, role="shareholder")
    lister.holders(customer_id, country, 400, 250)
    return Drawn(
        customer_id, (owner.party_id,), (entry,), _ALIKE, (Pattern.OWNED_BY_ENTITY_LISTED,)
    )


def _born_elsewhere(lister: Lister) -> Drawn:
    name = lister.names.person()
    entry = lister.person(name, "KE", birth_date=lister.born(1950, 1965))
    customer_id = lister.customer("CA", name.plain, born=lister.born(1985, 2000))
    return Drawn(customer_id, (), (entry,), (), _ALIKE)


def _other_given_name(lister: Lister) -> Drawn:
    name, country = lister.names.person(), lister.country()
    entry = lister.person(name, country)
    other = f"{lister.names.other_given_name()} {name.surname}"
    customer_id = lister.customer(country, other, born=lister.born(1950, 2000))
    return Drawn(customer_id, (), (entry,), (), _ALIKE)


def _firm_alike(written: Callable[[Lister, FirmName], str]) -> Callable[[Lister], Drawn]:
    """A firm that shares one half of its name with a listed one."""

    def draw(lister: Lister) -> Drawn:
        name, country = lister.names.firm(), lister.country()
        entry = lister.put(ENTITIES, f"{name.plain} LLC", ListedKind.FIRM, country)
        return Drawn(lister.customer(country, written(lister, name)), (), (entry,), (), _ALIKE)

    return draw


def _delisted(lister: Lister) -> Drawn:
    """A firm that the newer version of its list no longer has."""
    name, country = lister.names.firm(), lister.country()
    until = day_from_end(lister.draft, -lister.draws.whole(5, OLDER_DAYS - 5)).isoformat()
    entry = lister.put(ENTITIES, f"{name.plain} LLC", ListedKind.FIRM, country, until=until)
    return Drawn(lister.customer(country, f"{name.plain} LLC"), (), (entry,), (), _ALIKE)


def _sold(lister: Lister) -> Drawn:
    country = lister.country()
    customer_id = lister.customer(country)
    owner, entry = lister.owner(country)
    ended = day_from_end(lister.draft, -lister.draws.whole(40, 200)).isoformat()
    lister.draft.own(owner, customer_id, 800, valid_to=ended)
    lister.holders(customer_id, country, 500, 500)
    seems = (*_ALIKE, Pattern.OWNED_BY_BLOCKED)
    return Drawn(customer_id, (owner.party_id,), (entry,), (), seems)


_WAYS: tuple[tuple[str, Callable[[Lister], Drawn]], ...] = (
    ("listed in another script", _other_script),
    ("one word written as two, new on the list", _word_as_two),
    ("on two lists, legal form written out", _form_written_out),
    ("called by a weak alias", _weak_alias),
    ("goes by a former name of a firm of the own list", _former_name),
    ("listed director, two letters swapped", _director),
    ("owner of a small part, by an alias", _minority),
    ("listed owner behind two companies", _two_layers),
    ("two listed owners with half together", _half_together),
    ("listed firm as parent", _entity_directly),
    ("listed firm beside a company of its own", _entity_beside_its_company),
    ("two listed owners with just below half together", _just_below_half),
    (
        "listed owner with less than half of the parent",
        _below_half_of_a_parent(Lister.owner, Pattern.OWNED_BY_BLOCKED),
    ),
    (
        "listed firm with less than half of the parent",
        _below_half_of_a_parent(Lister.firm_owner, Pattern.OWNED_BY_ENTITY_LISTED),
    ),
    ("listed firm with a part", _entity_with_a_part),
    ("name of a listed person, born much later in another country", _born_elsewhere),
    ("surname of a listed person, another given name", _other_given_name),
    (
        "first word of a listed firm, another trade",
        _firm_alike(lambda lister, name: f"{name.word} {lister.names.other_trade()} LLC"),
    ),
    (
        "trade of a listed firm, another first word",
        _firm_alike(lambda lister, name: f"{lister.names.other_word()} {name.trade} LLC"),
    ),
    ("no longer on the list", _delisted),
    ("listed owner sold before the as-of day", _sold),
)
