"""A browser, and a console over a small node that every test of this folder shares."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from console import OpenGate, Running, Visits, running, served_over
from sluicegate.web import application
from sluicegate.wiring import opened
from tiny_world import tiny_node

CHROMIUM = ("chromium", "chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found)
        yield made
        made.close()


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a console over the tiny world; everyone may do everything."""
    folder = tiny_node(tmp_path_factory.mktemp("console") / "node")
    with opened(folder) as node, running(application(served_over(node), OpenGate())) as found:
        yield found


@pytest.fixture
def visits(browser: Browser, console: Running) -> Iterator[Visits]:
    """Open pages for one test; none may have shown a fault by its end."""
    made = Visits(browser, console.address)
    yield made
    made.close()
    assert made.faults == []
