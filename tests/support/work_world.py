"""A store in memory with cases, people and a worker's tools, all invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from empty_stores import empty_store
from sluicegate.adapters.store import SqlStore
from sluicegate.cases.case import (
    Case,
    CaseEvent,
    CaseKind,
    Clock,
    ClockState,
    ClockStep,
    Priority,
    State,
)
from sluicegate.cases.clocks import OWN_DAY
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, PrincipalKind
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.work import JobKind
from sluicegate.services.work.deliveries import Answer
from sluicegate.services.work.mail import Mail
from sluicegate.services.work.running import Bench, Work
from sluicegate.wiring.access import authority_of

START = datetime(2026, 4, 1, 10, tzinfo=UTC)
AUTHORITY = authority_of()


@dataclass
class MovingClock:
    """A clock that a test moves."""

    instant: datetime = START

    def now(self) -> datetime:
        return self.instant

    def move(self, **parts: int) -> datetime:
        self.instant += timedelta(**parts)
        return self.instant


def person(name: str, *roles: str, **more: Any) -> Principal:
    """Return a person of the default tenant."""
    wanted = frozenset(roles or ("analyst",))
    return Principal(f"user:{name}", PrincipalKind.PERSON, DEFAULT_TENANT, name, wanted, **more)


@dataclass
class People:
    """A directory of people that a test fills."""

    known: dict[str, Principal] = field(default_factory=dict)
    languages: dict[str, Language] = field(default_factory=dict)

    @classmethod
    def of(cls, *principals: Principal) -> People:
        return cls({one.id: one for one in principals})

    def principal(self, actor: str) -> Principal | None:
        return self.known.get(actor)

    def language(self, actor: str) -> Language:
        return self.languages.get(actor, Language.EN)


@dataclass
class World:
    """A store with its clock and people."""

    store: SqlStore
    clock: MovingClock
    people: People

    def desk(self, principal: Principal) -> Desk:
        return Desk(principal, self.store, AUTHORITY, self.clock)

    def bench(self, works: Mapping[JobKind, Work], **more: Any) -> Bench:
        @contextmanager
        def still(_job_id: str) -> Iterator[None]:
            yield

        bench = Bench("w-1", DEFAULT_TENANT, self.clock, self.people, works, still)
        return replace(bench, **more)


@contextmanager
def world(*principals: Principal) -> Iterator[World]:
    """Give an empty world with some people."""
    clock = MovingClock()
    with empty_store(clock) as store:
        yield World(store, clock, People.of(*principals))


def case(case_id: str, due: date | None = None, **more: Any) -> Case:
    """Return an open case about an invented customer."""
    step = ClockStep(OWN_DAY, (("period", "2 week"), ("start", "2026-03-10"), ("due", f"{due}")))
    clock = Clock("k-1", "Report a suspicion", "o-1", due, ClockState.RUNNING, False, (step,))
    base = Case(
        case_id=case_id,
        kind=CaseKind.OVERSIGHT,
        title="Tern Hollow One",
        subject="customer:c-shell-1",
        subject_kind="customer",
        subject_id="c-shell-1",
        subject_name="Tern Hollow One",
        customer_id="c-shell-1",
        jurisdiction="US",
        state=State.NEW,
        priority=Priority.HIGH,
        opened_at=START,
        changed_at=START,
        version=1,
        due=due,
        clocks=(clock,) if due else (),
    )
    return replace(base, **more)


def event(one: Case, number: int = 1, by: str = "user:ben", kind: str = "opened") -> CaseEvent:
    """Return an event of a case."""
    return CaseEvent(f"{one.case_id}-e{number}", one.case_id, kind, START, by, "", "{}")


def keep(store: SqlStore, *cases: Case) -> None:
    """Write cases as they are."""
    store.cases.write([CaseChange(None, one, (event(one),)) for one in cases])


@dataclass
class Outside:
    """What is outside: answers to posts, one after the other, and a mailer that remembers."""

    answers: list[Answer] = field(default_factory=list)
    posts: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        self.posts.append((url, headers, body))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def mail(self, mail: Mail) -> None:
        self.mails.append(mail)


class PlainBox:
    """Keeps secrets as they are."""

    def seal(self, secret: bytes) -> str:
        return secret.hex()

    def open(self, sealed: str) -> bytes:
        return bytes.fromhex(sealed)
