"""A console over a node with cases, for tests that change them, with a member of a sealed group."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from console import Running, listening_at, sessions_for_everyone
from principals import GROUP
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Scope
from sluicegate.services.identity import NewPerson, Rights, SessionStage
from sluicegate.services.identity.sessions import start
from sluicegate.services.ports.casework import CaseRow
from sluicegate.web import application
from sluicegate.wiring import opened
from sluicegate.wiring.identity import operator_desk
from sluicegate.wiring.serving import served_of
from tiny_world import pass_over, tiny_node

MEMBER = "member of the group"
"""A reader who is an officer and in the group that keeps sealed files."""

MOST = 500


@contextmanager
def console_with_cases(folder: Path, *, has_cases: bool = False) -> Iterator[Running]:
    """Serve a console over the tiny world after a pass, or over a node that has cases."""
    if not has_cases:
        tiny_node(folder)
    with opened(folder) as node:
        if not has_cases:
            pass_over(node)
        served = served_of(node)
        tokens = {**sessions_for_everyone(served)}
        identity = served.identities.of(served.tenant)
        assert identity is not None
        for language in Language:
            rights = Rights(frozenset({"officer"}), None, frozenset({GROUP}))
            person = NewPerson(f"member.{language.value}", "Ines Corbeau", rights, language)
            account = identity.add_person(operator_desk(node), person).account
            made = start(identity.parts, account, SessionStage.COMPLETE, agent="a test")
            tokens[MEMBER, language] = made.token
        with listening_at(application(served)) as address:
            yield Running(address, served, tokens)


def rows(console: Running, wanted: Filter | None = None) -> list[CaseRow]:
    """Return the rows of the queue, as the node holds them."""
    store, tenant = console.served.store_of(console.served.tenant), console.served.tenant
    scope = Scope(tenant, None, frozenset({GROUP}))
    return list(store.cases.queue(wanted or Filter(), scope, who="", after=None, limit=MOST))


def add_local_person(console: Running, login: str, name: str, role: str, language: Language) -> str:
    """Make a local account whose first password needs no change; return the password."""
    identity = console.served.identities.of(console.served.tenant)
    assert identity is not None
    person = NewPerson(login, name, Rights(frozenset({role})), language)
    issued = identity.add_person(operator_desk(console.served.node), person)
    kept = replace(issued.account, must_change=False)
    identity.parts.store.accounts.save(kept, "must_change")
    return issued.password


def axe_faults(page: Page) -> list[str]:
    """Return what axe finds in a page, one line for each place."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]
