"""Two nodes with one history, of which one also kept a sealed file; chance and time stand still.

Every step and every look draws its randomness from its own name, so that what
both nodes do in common comes out the same to the byte. What the sealed file
adds has names of its own.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import strategies as st

from identity_world import HandClock
from leak_world import INSIDE, OUTSIDE, PEOPLE, LeakWorld, Where, Who, quick_identities, rights
from principals import GROUP, SELF
from served_api import PUBLIC, SETTINGS
from sluicegate.adapters.clock import SystemClock
from sluicegate.cases.case import DecisionKind, Priority
from sluicegate.cases.commands import (
    Assign,
    Check,
    Command,
    Comment,
    Escalate,
    Link,
    Prioritise,
    Propose,
    RequestInformation,
    Snooze,
)
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.core.identifiers import TenantId
from sluicegate.core.phrases import Language
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource, Scope
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.exporting import export_case
from sluicegate.services.casework.files import attach
from sluicegate.services.casework.filing import FilingStateError, draft
from sluicegate.services.casework.opening import NewCase, open_case
from sluicegate.services.casework.queue import save_view
from sluicegate.services.casework.reading import read_case
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.desk import Desk
from sluicegate.services.identity import NewPerson, SessionStage
from sluicegate.services.identity.sessions import principal_of, start
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.identity import Account
from sluicegate.services.ports.work import NoticeKind, Wishes
from sluicegate.services.work.calendar import make_feed
from sluicegate.services.work.due import StoreDue
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import AssessJob, BulkActsJob
from sluicegate.services.work.mail import Mail
from sluicegate.services.work.notices import (
    Post,
    announce_due,
    choose,
    remind,
    send_digests,
    send_due_notices,
)
from sluicegate.services.work.people import StoreDirectory
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.identity import operator_desk, store_of
from sluicegate.wiring.serving import Served, served_of
from sluicegate.wiring.work import subscribe
from tiny_world import pass_over, tiny_node

START = datetime(2026, 7, 1, 9, tzinfo=UTC)
STEP = timedelta(hours=3)
MEMBERS = ("insider", "inside-checker")
"""Who is in the group; everyone else is outside."""

ORDINARY_WORKERS = ("analyst", "officer", "reviewer", *MEMBERS)

OUTSIDERS = (
    *("analyst", "reviewer", "officer", "engineer", "auditor", "administrator", "viewer"),
    *("night-officer", "bounded-officer", "bounded-auditor", "nobody"),
    *("other-auditor", "other-insider", "machine", "operator", "signed-out"),
)


class Chance:
    """Where randomness comes from while a test runs: a name that is set before each step."""

    def __init__(self) -> None:
        self._drawn = random.Random("start")

    def name(self, *parts: object) -> None:
        """Begin to draw from a name."""
        self._drawn = random.Random(repr(parts))

    def bytes(self, count: int) -> bytes:
        """Stand in for `os.urandom`."""
        return self._drawn.randbytes(count)


@contextmanager
def still(clock: HandClock) -> Iterator[Chance]:
    """Make chance and the machine's clock stand still inside the block."""
    chance = Chance()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", chance.bytes)
        patch.setattr(random, "_urandom", chance.bytes)
        patch.setattr(SystemClock, "now", lambda _self: clock.now())
        yield chance


@dataclass(frozen=True, slots=True)
class Step:
    """Something done: what, by whom, to which case, and a number and a text to do it with."""

    what: str
    who: str
    target: int
    number: int
    text: str
    is_sealed: bool = False


ORDINARY = (
    *("open", "comment", "assign", "prioritise", "escalate", "ask", "block", "close", "check"),
    *("snooze", "link", "attach", "draft", "view", "hook", "feed", "job", "bulk", "send", "read"),
)
SEALED = (
    *("open", "comment", "assign", "prioritise", "escalate", "ask", "close", "check", "snooze"),
    *("link", "attach", "draft", "suspicion", "read", "export", "bulk"),
)
TEXTS = st.sampled_from(["why not", "因为如此", "=1+1", "<b>", "a longer reason, with commas"])


def _steps(
    names: tuple[str, ...], who: tuple[str, ...], is_sealed: bool
) -> st.SearchStrategy[Step]:
    return st.builds(
        Step,
        st.sampled_from(names),
        st.sampled_from(who),
        st.integers(0, 5),
        st.integers(0, 60),
        TEXTS,
        st.just(is_sealed),
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Draw a history in which ordinary work and that on sealed files are mixed."""
    begin = [Step("open", "officer", 0, number, f"case {number}") for number in range(2)]
    begin.append(Step("open", "insider", draw(st.integers(0, 1)), 0, "odd payments", True))
    ordinary = _steps(ORDINARY, ORDINARY_WORKERS, is_sealed=False)
    sealed = _steps(SEALED, MEMBERS, is_sealed=True)
    rest = draw(st.lists(st.one_of(sealed, ordinary, sealed), min_size=8, max_size=18))
    return [*begin, *rest]


@dataclass
class Node:
    """One of the two nodes with what became of it."""

    node: OpenNode
    world: LeakWorld
    clock: HandClock
    ordinary: list[str] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)

    def desk(self, who: str) -> Desk:
        """Return the desk of a caller."""
        return self.world.desk(who)

    def do(self, step: Step) -> str:
        """Do a step; return what came of it, as a text that both nodes must agree on."""
        try:
            return self._done(step)
        except (
            NotAllowedNowError,
            RefusedError,
            NotFoundError,
            FilingStateError,
            CaseChangedError,
        ) as error:
            return f"{type(error).__name__}: {error}"

    def _done(self, step: Step) -> str:
        desk = self.desk(step.who)
        match step.what:
            case "open" if step.is_sealed:
                return self._open_sealed(desk, step)
            case "open":
                place = ("", INSIDE, OUTSIDE)[step.number % 3]
                new = NewCase(step.text, step.text, "customer", "c-lab", "Alder", "c-lab", place)
                self.ordinary.append(open_case(desk, new).case_id)
                return self.ordinary[-1]
            case "view":
                return save_view(desk, step.text, {"priority": "high"}).name
            case "hook":
                url = f"https://{PUBLIC}/{step.number}"
                boss = self.desk("administrator")
                return subscribe(boss, self.node, url).webhook.webhook_id
            case "feed":
                self.feeds.append(make_feed(desk, is_whole_queue=step.number % 2 == 0).token)
                return self.feeds[-1]
            case "job":
                return ask_job(desk, AssessJob()).job_id
            case "send":
                return self._send()
        return self._on_case(desk, step)

    def _open_sealed(self, desk: Desk, step: Step) -> str:
        about: str | SealedAbout = SealedAbout("customer", "c-grow", "Brackwater", "c-grow", INSIDE)
        if step.target % 2 == 0:
            about = self.ordinary[step.target % len(self.ordinary)]
        self.sealed.append(open_sealed(desk, about, GROUP, step.text).case_id)
        return self.sealed[-1]

    def _on_case(self, desk: Desk, step: Step) -> str:
        cases = self.sealed if step.is_sealed else self.ordinary
        case = cases[step.target % len(cases)]
        match step.what:
            case "attach":
                content = step.text.encode()
                return str(attach(desk, case, f"{step.text}.txt", "text/plain", content).version)
            case "draft" | "suspicion":
                form = "suspicious_activity" if step.what == "suspicion" else "training_report"
                return draft(desk, case, form).filing_id
            case "read":
                return str(read_case(desk, case).case.version)
            case "export":
                return export_case(desk, case).digest
            case "bulk":
                return ask_job(desk, BulkActsJob((case,), {"act": "wake", "reason": "x"})).job_id
        found = desk.store.cases.find(case, desk.scope)
        assert found is not None
        proposals = [one.proposal_id for one in found.proposals]
        return str(act(desk, case, self._command(step, proposals)).version)

    def _command(self, step: Step, proposals: list[str]) -> Command:
        text, number = step.text, step.number
        colleague = self.desk(ORDINARY_WORKERS[number % len(ORDINARY_WORKERS)]).principal.id
        other = self.ordinary[number % len(self.ordinary)]
        commands: dict[str, Command] = {
            "comment": Comment(text),
            "assign": Assign(colleague),
            "prioritise": Prioritise(list(Priority)[number % len(Priority)], text),
            "escalate": Escalate("officer", text),
            "ask": RequestInformation("customer", text),
            "block": Propose(DecisionKind.BLOCK, text),
            "close": Propose(DecisionKind.CLOSE, text),
            "check": Check(next(iter(proposals), "p-0"), number % 2 == 0, text),
            "snooze": Snooze(date(2026, 7, 20) + timedelta(days=number), text),
            "link": Link(other, False, text),
        }
        return commands[step.what]

    def _mail(self, mail: Mail) -> None:
        self.mails.append(mail)

    def _send(self) -> str:
        """Do what the worker does with messages; webhooks are left in the outbox."""
        store, now = self.node.store, self.clock.now()
        due = StoreDue(store, self.clock)
        directory = StoreDirectory(store, SELF)
        post = Post(self._mail, directory, self.world.served.authority)
        announce_due(store, due, Scope(SELF), now=now)
        remind(store, directory, due, now=now)
        send_digests(store, post, due, now=now)
        send_due_notices(store, post, self.clock)
        return ""


def prepare(folder: Path) -> Path:
    """Make the node that both begin as copies of: a pass, everyone's account and wishes."""
    target = tiny_node(folder / "first")
    (target / "sluicegate.toml").write_text(SETTINGS, encoding="utf-8")
    clock = HandClock(START - STEP)
    with still(clock) as chance, opened(target, clock=clock) as node:
        chance.name("prepare")
        pass_over(node)
        identities = quick_identities(served_of(node))
        for name, (tenant, wanted) in PEOPLE.items():
            identity = identities.by_tenant[TenantId(tenant)]
            given = wanted if wanted.roles else rights("viewer")
            person = NewPerson(f"{name}.{tenant}", f"Name of {name}", given, Language.EN)
            desk = operator_desk(node, TenantId(tenant))
            account = identity.add_person(desk, person).account
            if not wanted.roles:
                identity.parts.store.accounts.save(replace(account, rights=wanted), "rights")
            who = principal_of(account, wanted)
            desk = Desk(who, store_of(node, TenantId(tenant)), authority_of(node), clock)
            choose(desk, Wishes(desk.principal.id, frozenset(NoticeKind), f"{name}@node.example"))
    return target


@contextmanager
def copy_of(first: Path, target: Path, clock: HandClock) -> Iterator[Node]:
    """Open a copy of the prepared node."""
    shutil.copytree(first, target)
    with opened(target, clock=clock) as node:
        served = served_of(node)
        world = LeakWorld(node, served)
        for name, (tenant, _) in PEOPLE.items():
            account = _account(served, name, tenant)
            world.callers[name] = Who(name, principal_of(account, account.rights))
        world.callers["machine"] = _caller("machine", PrincipalKind.MACHINE, "auditor")
        world.callers["operator"] = _caller("operator", PrincipalKind.OPERATOR)
        world.callers["signed-out"] = Who("signed-out", None)
        yield Node(node, world, clock)


def _account(served: Served, name: str, tenant: str) -> Account:
    identity = served.identities.of(TenantId(tenant))
    assert identity is not None
    account = identity.parts.store.accounts.by_login(f"{name}.{tenant}")
    assert account is not None
    return account


def sign_in_everyone(node: Node, chance: Chance) -> None:
    """Give everyone a session of the present moment."""
    for name, (tenant, _) in PEOPLE.items():
        chance.name("sign in", name)
        served = node.world.served
        identity = served.identities.of(TenantId(tenant))
        assert identity is not None
        account = _account(served, name, tenant)
        made = start(identity.parts, account, SessionStage.COMPLETE, agent="a test")
        node.world.callers[name] = Who(name, made.signed_in.principal, made.token)


def _caller(name: str, kind: PrincipalKind, *roles: str) -> Who:
    groups = frozenset({GROUP}) if kind is PrincipalKind.OPERATOR else frozenset[str]()
    who = Principal(f"{kind.value}:{name}", kind, SELF, name, frozenset(roles), None, groups)
    return Who(name, who)


def name_things(node: Node, ordinary: list[str], sealed: list[str]) -> None:
    """Say which cases, files and filings are looked at: those of the ordinary and sealed history.

    The ids of what is sealed are those of the node that keeps it; the other one
    is asked for them too.
    """
    world = node.world
    case = next(iter(ordinary))
    world.put("case", Where.OWN, case, Resource("case", SELF, case))
    world.put("case", Where.SEALED, sealed[0], Resource("case", SELF, sealed[0], None, GROUP))
    world.put("customer", Where.OWN, "c-lab", Resource("customer", SELF, "c-lab"))
    world.put("group", Where.OWN, "p-sandling", Resource("customer", SELF, "p-sandling"))
    world.put("run", Where.OWN, "c-lab/r-lab", Resource("run", SELF, "c-lab/r-lab"))
