"""A node with two organisations whose every text can be told apart, and who may see which.

The node's own tenant is the tiny world after a pass, with cases, files, jobs and
accounts made through the services. The other tenant is a copy of what the pass
found in which every name and id is another, with cases of its own. Whatever is
written by hand holds a canary: a random word that stands nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from sqlalchemy import select

from identity_world import QUICK, private_key, public_text
from leak_consultation_world import NOT_THERE as CONSULTATION_NOT_THERE
from leak_consultation_world import add_consultations
from leak_kyc_world import NOT_THERE as KYC_NOT_THERE
from leak_kyc_world import add_kyc
from leak_lineage_routes import LINEAGE_NOT_THERE, add_lineages
from leak_mirror import copy_to_other, mirrored
from leak_screening_world import NOT_THERE as SCREENING_NOT_THERE
from leak_screening_world import add_screening
from leak_secrets import Secrets, gather
from principals import GROUP, OTHER, SELF
from served_api import PUBLIC, SETTINGS
from sluicegate.adapters.identity.proofs import Argon2Hashes
from sluicegate.adapters.store.models import Base
from sluicegate.cases.case import Case, DecisionKind
from sluicegate.cases.commands import (
    Comment,
    Escalate,
    Propose,
    ReceiveInformation,
    RequestInformation,
)
from sluicegate.cases.filters import Filter
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.access.principals import (
    Principal,
    PrincipalKind,
    Resource,
)
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.files import attach
from sluicegate.services.casework.filing import draft
from sluicegate.services.casework.opening import NewCase, open_case
from sluicegate.services.casework.queue import save_view
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.desk import Desk
from sluicegate.services.identity import (
    Identities,
    Identity,
    NewPerson,
    Rights,
    SessionStage,
)
from sluicegate.services.identity.sessions import start
from sluicegate.services.ports.work import NoticeKind, Wishes
from sluicegate.services.work.calendar import make_feed
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import AssessJob
from sluicegate.services.work.notices import choose
from sluicegate.services.work.webhooks import send_test
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.identity import operator_desk
from sluicegate.wiring.serving import Served, served_of
from sluicegate.wiring.work import subscribe
from tiny_world import CLOCK, pass_over, tiny_node

INSIDE, OUTSIDE = "EU", "US"
"""The jurisdiction that bounded callers see, and one that they do not."""

NIGHT = "night"
"""Another group that keeps sealed files; no file is kept for it."""

PLAIN_FORM = "training_report"


class Where(Enum):
    """Whose a thing is, as seen from the node's own tenant."""

    OWN = "own"
    PLACE = "of another jurisdiction"
    SEALED = "sealed"
    OTHER = "of another organisation"
    NONE = "not there"


@dataclass(frozen=True)
class Who:
    """A caller: signed in with a session, a machine or the operator with a token, or nobody."""

    name: str
    principal: Principal | None
    session: str | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody calls at all."""
        return self.principal is not None


@dataclass
class LeakWorld:
    """The node at work, who calls, what there is of each kind, and what is secret."""

    node: OpenNode
    served: Served
    callers: dict[str, Who] = field(default_factory=dict)
    things: dict[tuple[str, Where], str] = field(default_factory=dict)
    resources: dict[tuple[str, Where], Resource] = field(default_factory=dict)
    secrets: Secrets = field(default_factory=Secrets)
    feed: str = ""

    def desk(self, name: str) -> Desk:
        """Return the desk of a caller."""
        principal = self.callers[name].principal
        assert principal is not None
        return self.served.desk(principal)

    def put(self, kind: str, where: Where, identifier: str, resource: Resource) -> None:
        """Remember a thing of a kind."""
        self.things[kind, where] = identifier
        self.resources[kind, where] = resource


def rights(*roles: str, places: Iterable[str] | None = None, group: str | None = None) -> Rights:
    """Return rights of an account."""
    return Rights(
        frozenset(roles),
        None if places is None else frozenset(places),
        frozenset() if group is None else frozenset({group}),
    )


PEOPLE: Mapping[str, tuple[str, Rights]] = {
    **{role: (SELF, rights(role)) for role in SHIPPED_ROLES},
    "nobody": (SELF, rights()),
    "second": (SELF, rights("analyst")),
    **{f"bounded-{role}": (SELF, rights(role, places=[INSIDE])) for role in SHIPPED_ROLES},
    "insider": (SELF, rights("officer", group=GROUP)),
    "inside-checker": (SELF, rights("reviewer", group=GROUP)),
    "night-officer": (SELF, rights("officer", group=NIGHT)),
    "inside-viewer": (SELF, rights("viewer", group=GROUP)),
    **{f"other-{role}": (OTHER, rights(role)) for role in SHIPPED_ROLES},
    "other-insider": (OTHER, rights("officer", group=GROUP)),
}
"""Caller → tenant and rights."""


def quick_identities(served: Served) -> Identities:
    """Return the identities of a node with hashes that take no time."""
    hashes = Argon2Hashes(QUICK)
    return Identities(
        {
            tenant: Identity(replace(one.parts, hashes=hashes))
            for tenant, one in served.identities.by_tenant.items()
        }
    )


def _add_people(world: LeakWorld) -> None:
    for name, (tenant, wanted) in PEOPLE.items():
        identity = world.served.identities.of(TenantId(tenant))
        assert identity is not None
        label = world.secrets.plant(f"name-{name}")
        person = NewPerson(f"{name}.{tenant}", label, wanted, Language.EN)
        desk = operator_desk(world.node, TenantId(tenant))
        if not wanted.roles:
            person = replace(person, rights=rights("viewer"))
        account = identity.add_person(desk, person).account
        if not wanted.roles:
            account = replace(account, rights=wanted)
            identity.parts.store.accounts.save(account, "rights")
        made = start(identity.parts, account, SessionStage.COMPLETE, agent="a test")
        world.callers[name] = Who(name, made.signed_in.principal, made.token)
    for name, roles, kind in (
        ("machine", frozenset({"analyst"}), PrincipalKind.MACHINE),
        ("machine-reviewer", frozenset({"reviewer"}), PrincipalKind.MACHINE),
        ("operator", frozenset[str](), PrincipalKind.OPERATOR),
    ):
        groups = frozenset({GROUP}) if name == "operator" else frozenset[str]()
        made_up = Principal(f"{kind.value}:{name}", kind, SELF, name, roles, None, groups)
        world.callers[name] = Who(name, made_up)
    world.callers["signed-out"] = Who("signed-out", None)


def _work(world: LeakWorld, desk: Desk, case: Case, label: str) -> Case:
    """Do to a case what leaves a text of every kind, up to a proposal that waits."""
    plant = world.secrets.plant
    for command in (
        Comment(plant(f"{label}-comment")),
        Escalate("officer", plant(f"{label}-escalated")),
        RequestInformation(plant(f"{label}-asked"), plant(f"{label}-what")),
    ):
        act(desk, case.case_id, command)
    name = plant(f"{label}-file").replace(" ", "-")
    content = plant(f"{label}-content").encode()
    after = attach(desk, case.case_id, f"{name}.txt", "text/plain", content)
    answer = ReceiveInformation(after.requests[0].request_id, plant(f"{label}-answer"))
    act(desk, case.case_id, answer)
    last = DecisionKind.BLOCK if case.sealed_for is None else DecisionKind.CLOSE
    return act(desk, case.case_id, Propose(last, plant(f"{label}-decision")))


def _remember(world: LeakWorld, where: Where, case: Case, desk: Desk) -> None:
    tenant = desk.principal.tenant
    thing = Resource(
        "case",
        tenant,
        case.case_id,
        case.jurisdiction or None,
        case.sealed_for,
        maker=case.proposals[0].by,
    )
    world.put("case", where, case.case_id, thing)
    world.put("proposal", where, case.proposals[0].proposal_id, thing)
    world.put("attachment", where, case.attachments[0].attachment_id, thing)
    filing = draft(desk, case.case_id, PLAIN_FORM)
    world.put("filing", where, filing.filing_id, replace(thing, kind="filing", id=filing.filing_id))


_LAB = ("c-lab", mirrored("c-lab"))
"""The customer of the cases, in either tenant."""


def _add_case(world: LeakWorld, name: str, where: Where, place: str) -> None:
    plant, label = world.secrets.plant, f"{where.name}-case"
    new = NewCase(
        title=plant(f"{label}-title"),
        reason=plant(f"{label}-reason"),
        subject_kind="customer",
        subject_id=_LAB[where is Where.OTHER],
        subject_name=plant(f"{label}-subject"),
        customer_id=_LAB[where is Where.OTHER],
        jurisdiction=place,
    )
    desk = world.desk(name)
    case = open_case(desk, new)
    _remember(world, where, _work(world, desk, case, label), desk)


def _add_sealed(world: LeakWorld, name: str, where: Where | None) -> None:
    plant, label = world.secrets.plant, f"{'OTHER' if where is None else 'SEALED'}-sealed"
    desk = world.desk(name)
    lab = _LAB[where is None]
    about = SealedAbout("customer", lab, plant(f"{label}-subject"), lab, INSIDE)
    case = open_sealed(desk, about, GROUP, plant(f"{label}-reason"))
    worked = _work(world, desk, case, label)
    if where is not None:
        _remember(world, where, worked, desk)


def _add_work(world: LeakWorld, where: Where, prefix: str) -> None:
    """Leave a view, a webhook with a delivery, a job, a machine, a feed and wishes behind."""
    plant, label = world.secrets.plant, f"{where.name}-{{}}"
    analyst, boss = world.desk(f"{prefix}analyst"), world.desk(f"{prefix}administrator")
    tenant = boss.principal.tenant
    save_view(
        analyst,
        world.secrets.plant(label.format("view"))[:80],
        {"text": plant(label.format("looked-for"))},
    )
    path = world.secrets.plain(label.format("hook")).replace(" ", "-")
    hook = subscribe(boss, world.node, f"https://{PUBLIC}/{path}").webhook
    world.put("webhook", where, hook.webhook_id, Resource("webhook", tenant, hook.webhook_id))
    send_test(boss, hook.webhook_id)
    [one, *_] = boss.store.work.deliveries(hook.webhook_id, state=None, before=None, limit=9)
    world.put("delivery", where, one.delivery_id, Resource("webhook", tenant, hook.webhook_id))
    job = ask_job(world.desk(f"{prefix}officer"), AssessJob())
    world.put("job", where, job.job_id, Resource("job", tenant, job.job_id, maker=job.asked_by))
    identity = world.served.identities.of(tenant)
    assert identity is not None
    key = public_text(private_key("EdDSA"))
    client = identity.add_client(boss, plant(label.format("machine")), key, rights("analyst"))
    world.put("client", where, client.id, Resource("client", tenant, client.id))
    someone = world.callers[f"{prefix}viewer"].principal
    assert someone is not None
    account = someone.id.removeprefix("user:")
    world.put("account", where, account, Resource("user", tenant, account))
    world.feed = make_feed(analyst, is_whole_queue=True).token
    address = world.secrets.plain(label.format("mail")).replace(" ", ".")
    choose(analyst, Wishes(analyst.principal.id, frozenset(NoticeKind), f"{address}@node.example"))
    act_id = next(one.act_id for one in boss.store.acts() if one.name == "case_opened")
    world.put("act", where, act_id, Resource("audit", tenant, act_id))


def _add_found(world: LeakWorld, where: Where, tenant: str) -> None:
    """Remember what the pass found: customers, groups, runs, findings and the cases of them."""
    customer, group, run = "c-lab", "p-sandling", "c-lab/r-lab"
    if tenant == OTHER:
        customer, group, run = map(mirrored, (customer, group, run))
    owner = TenantId(tenant)
    world.put("customer", where, customer, Resource("customer", owner, customer))
    world.put("group", where, group, Resource("customer", owner, group))
    world.put("run", where, run, Resource("run", owner, run))


def _add_findings(world: LeakWorld) -> None:
    """Remember a finding inside and one outside the bounded callers' sight, and their cases."""
    table = Base.metadata.tables["findings"]
    with world.node.store.engine.connect() as connection:
        rows = connection.execute(select(table.c.tenant_id, table.c.document)).all()
    for tenant, document in rows:
        found = json.loads(document)
        place = jurisdiction_of(found["instrument"])
        where = Where.OTHER if tenant == OTHER else Where.OWN if place == INSIDE else Where.PLACE
        thing = Resource("finding", TenantId(tenant), found["id"], place)
        desk = world.desk("other-officer" if tenant == OTHER else "officer")
        cases = desk.store.cases.queue(
            Filter(rule=found["rule"], subject=found["subject"]),
            desk.scope,
            who="",
            after=None,
            limit=1,
        )
        if tenant == SELF and not cases:
            continue
        world.put("finding", where, found["id"], thing)
        if cases:
            alerted = replace(thing, kind="case", id=cases[0].case_id)
            world.put("alerted", where, alerted.id, alerted)


def _add_kyc(world: LeakWorld, where: Where, who: str) -> None:
    """Leave what lists, links, due diligence and comparisons make, as seen from a tenant."""
    customers = ("c-lab", "c-small-1")
    if where is Where.OTHER:
        customers = (mirrored(customers[0]), mirrored(customers[1]))

    def plant(label: str) -> str:
        return world.secrets.plant(f"{where.name}-{label}")

    def put(kind: str, identifier: str, resource: Resource) -> None:
        world.put(kind, where, identifier, resource)

    about = (world.node, world.served.book, world.desk(who), customers, plant, put)
    add_kyc(*about)
    add_screening(*about)
    add_consultations(world.node, world.desk(who), plant, put)
    add_lineages(world.desk(who), plant, put)


NOT_THERE: Mapping[str, str] = {
    **KYC_NOT_THERE,
    **CONSULTATION_NOT_THERE,
    **SCREENING_NOT_THERE,
    **LINEAGE_NOT_THERE,
    **dict.fromkeys(("case", "alerted"), "c-0123456789abcdef"),
    "finding": "f-0123456789abcdef",
    "attachment": "a-0123456789abcdef",
    "filing": "g-0123456789abcdef",
    "proposal": "p-0123456789abcdef",
    **dict.fromkeys(("customer", "group"), "c-not-there"),
    "run": "c-not-there/r-none",
    "report": "2020-01-01",
    **dict.fromkeys(
        ("webhook", "delivery", "job", "client", "account", "act"),
        "0197c000-0000-7000-8000-000000000000",
    ),
}
"""Kind → an id that nothing has."""


@contextmanager
def leak_world(folder: Path, hostile: str = "") -> Iterator[LeakWorld]:
    """Give the node with its two tenants, everything planted and everyone signed in."""
    target = tiny_node(folder / "node")
    (target / "sluicegate.toml").write_text(SETTINGS, encoding="utf-8")
    report = target / "reports" / "2026-06-30"
    report.mkdir(parents=True)
    with opened(target, clock=CLOCK) as node:
        pass_over(node)
        copy_to_other(node, hostile)
        served = served_of(node)
        world = LeakWorld(node, replace(served, identities=quick_identities(served)))
        world.secrets.hostile = hostile
        page = f"<p>{world.secrets.plant('report')} Alder Reach Labs</p>"
        (report / "report.html").write_text(page, encoding="utf-8")
        _add_people(world)
        _add_case(world, "officer", Where.OWN, INSIDE)
        _add_case(world, "officer", Where.PLACE, OUTSIDE)
        _add_case(world, "other-officer", Where.OTHER, "")
        _add_sealed(world, "insider", Where.SEALED)
        _add_sealed(world, "other-insider", None)
        _add_work(world, Where.OWN, "")
        _add_work(world, Where.OTHER, "other-")
        _add_found(world, Where.OWN, SELF)
        _add_found(world, Where.OTHER, OTHER)
        _add_findings(world)
        _add_kyc(world, Where.OWN, "officer")
        _add_kyc(world, Where.OTHER, "other-officer")
        for kind, identifier in NOT_THERE.items():
            world.put(kind, Where.NONE, identifier, Resource(kind, SELF, identifier))
        world.put("report", Where.OWN, "2026-06-30", Resource("report", SELF, "2026-06-30"))
        gather(world.secrets, node.store.engine)
        token = world.secrets.plant("report").partition(" ")[0]
        world.secrets.of[token] = {Resource("report", SELF)}
        yield world
