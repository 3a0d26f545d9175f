"""A browser, and a console over a small node that every test of this folder shares."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from console import Running, Visits, listening_at, sessions_for_everyone
from sluicegate.web import application
from sluicegate.wiring import opened
from sluicegate.wiring.serving import served_of
from tiny_world import pass_over, tiny_node

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The first one that is there; the one without a window starts and draws in less time."""

PATIENCE_MS = 30_000
"""How long a page may take to show what is expected: machines that test do other work too."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start the browser once."""
    expect.set_options(timeout=PATIENCE_MS)
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=found)
        yield made
        made.close()


@pytest.fixture(scope="package")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Serve a console over the tiny world after a pass, with an account of every role."""
    folder = tiny_node(tmp_path_factory.mktemp("console") / "node")
    with opened(folder) as node:
        pass_over(node)
        served = served_of(node)
        tokens = sessions_for_everyone(served)
        with listening_at(application(served)) as address:
            yield Running(address, served, tokens)


@pytest.fixture
def visits(browser: Browser, console: Running) -> Iterator[Visits]:
    """Open pages for one test; none may have shown a fault by its end."""
    made = Visits(browser, console)
    yield made
    made.close()
    assert made.faults == []
