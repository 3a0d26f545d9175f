"""Institutes for the safety of AI and their network: who, under which name, with which powers."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.countries import counted_as
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law
from sluicegate.rules.showing import members as named

INSTITUTES = "aisi"
NETWORK = f"{INSTITUTES}.network"
UNION = "EU"


def _institute(host: str) -> str:
    """Return the id of the rule file of a host's institute."""
    return f"{INSTITUTES}.{host.lower()}"


def _existence(exists: bool) -> Sentence:
    return (
        say("The network exists on this day.")
        if exists
        else say("The network has not been launched on this day.")
    )


def decide_network_membership(facts: Facts, law: Law) -> Answer:
    """Say which countries are members of the network, Concordia AI 2024, sec. 2.2.

    The network begins on the day of its launch; before it nobody is a member.
    The European Union is a member in its own name, which makes no member state
    one. The answer has each code as it was given, once.
    """
    exists = law.in_force(NETWORK)
    recorded = law.members(f"{NETWORK}.members")
    members = recorded if exists else frozenset[str]()
    asked = facts.texts("countries")
    reasons = [_existence(exists)]
    if exists:
        reasons.append(say("Its members are {members}.", members=named(sorted(members))))
    if UNION in members:
        reasons.append(
            say("The European Union is a member in its own name, which makes no member state one.")
        )
    if any(counted_as(code) != code for code in asked):
        reasons.append(say("Hong Kong counts as China."))
    return Answer(
        {
            "members": {code: counted_as(code) in members for code in asked},
            "european_union_member": UNION in members,
            "member_count": len(members),
        },
        reasons,
    )


def decide_network_name(_facts: Facts, law: Law) -> Answer:
    """Say what the network is called and who leads it, Concordia AI 2024, sec. 2.2.

    Null before the launch. Of the renaming only the month is known: the earlier
    name and lead hold until its last day.
    """
    exists = law.in_force(NETWORK)
    found = {part: law.text(f"{NETWORK}.{part}") for part in ("name", "lead", "lead_role")}
    if not exists:
        return Answer(dict.fromkeys(found), [_existence(exists)])
    return Answer(
        found,
        [
            _existence(exists),
            say(
                "Led as {lead_role:term} by: {lead:term}.",
                lead_role=found["lead_role"],
                lead=found["lead"],
            ),
        ],
    )


def decide_institute_name(facts: Facts, law: Law) -> Answer:
    """Say what the institute of a host is called, Concordia AI 2024, sec. 2.1.

    Null before the founding. The AI Office of the Union is an institute from
    the day on which it was given the function, not from its own setting up.
    """
    host = facts.text("host")
    exists = law.in_force(_institute(host))
    name = law.text(f"{_institute(host)}.name")
    if not exists:
        reason = say("{host:term}: the institute has not been founded on this day.", host=host)
        return Answer({"name": None}, [reason])
    since = law.parameter(f"{_institute(host)}.name").dated
    reason = say(
        "{host:term}: the institute has the name {name} since {day} ({reference}).",
        host=host,
        name=name,
        day=since.start,
        reference=since.reference,
    )
    return Answer({"name": name}, [reason])


def decide_institute_powers(facts: Facts, law: Law) -> Answer:
    """Say which binding powers the institute of a host has, Concordia AI 2024, sec. 3.2.

    The powers count from the day on which the act that gives them entered into
    force; they can be used from the day on which their articles apply, which is
    the status of the institute. Who has no such powers has none to use.
    """
    host = facts.text("host")
    given = law.parameter(f"{_institute(host)}.powers")
    recorded = law.texts(given.id)
    powers = [] if given.early else list(recorded)
    exercisable = law.enforced(_institute(host)) and bool(powers)
    reasons = [
        say(
            "{host:term}: the law gives the institute powers ({reference}), namely {powers:term}.",
            host=host,
            powers=powers,
            reference=given.dated.reference,
        )
        if powers
        else say("{host:term}: no law gives the institute binding powers.", host=host)
    ]
    if powers:
        reasons.append(
            say("The articles on these powers apply on this day.")
            if exercisable
            else say("The articles on these powers do not apply yet on this day.")
        )
    return Answer(
        {"regulatory": bool(powers), "exercisable": exercisable, "powers": powers}, reasons
    )


def decide_institute_by_acronym(facts: Facts, law: Law) -> Answer:
    """Say whose institute has an acronym, Concordia AI 2024, sec. 2.1.

    An institute has it from its founding, or from the renaming that brought it;
    several may have the same one.
    """
    acronym = facts.text("acronym")
    hosts = [host for host, used in _acronyms(law) if used == acronym]
    reasons = [
        say(
            "Hosts of institutes with the acronym {acronym} on this day: {hosts:term}.",
            acronym=acronym,
            hosts=hosts,
        )
    ]
    if len(hosts) > 1:
        reasons.append(say("An institute is named safely by the code of its host."))
    return Answer({"hosts": hosts, "ambiguous": len(hosts) > 1}, reasons)


def _acronyms(law: Law) -> Iterator[tuple[str, str]]:
    """Yield host and acronym of every institute that has one recorded on the law's day."""
    for institute in sorted(law.book.instruments):
        identifier = f"{institute}.acronym"
        if institute.startswith(f"{INSTITUTES}.") and identifier in law.book.parameters:
            acronym = law.text(identifier)
            if law.in_force(institute) and not law.used[identifier].early:
                yield law.book.instrument(institute).jurisdiction, acronym
