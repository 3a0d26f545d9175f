"""What every test may rest on: services, shared data, and how many examples are tried."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
REQUIRE_SERVICES = "SLUICEGATE_REQUIRE_SERVICES"
LONG = "SLUICEGATE_LONG"

SERVICES = {
    "chromium": ("chromium", "chromium-browser"),
    "fonts-noto-cjk": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",),
    "pango": (
        "/usr/lib/x86_64-linux-gnu/libpango-1.0.so.0",
        "/usr/lib/aarch64-linux-gnu/libpango-1.0.so.0",
    ),
    "postgresql": ("pg_ctl", "/usr/lib/postgresql"),
    "java": ("java",),
    "go": ("go", "/usr/lib/go/bin/go"),
}
"""A service is there when one of its programs is on the path, or one of its files exists."""

_UNHURRIED = settings(
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
settings.register_profile("quick", _UNHURRIED, max_examples=60)
settings.register_profile("long", _UNHURRIED, max_examples=2000)
settings.load_profile("long" if os.environ.get(LONG) == "1" else "quick")


def _is_there(signs: tuple[str, ...]) -> bool:
    return any(Path(s).exists() if s.startswith("/") else shutil.which(s) for s in signs)


def pytest_collection() -> None:
    """Let the collector of cycles rest while tests are found: all that is made then stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what stays to the end out of every later round of the collector.

    Rounds over modules, rules and fifteen thousand tests took a seventh of all time.
    """
    gc.enable()
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Let everything go at the end, or libraries in C complain of what they still hold."""
    gc.unfreeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose service is absent, or fail it where services are required."""
    for marker in item.iter_markers("service"):
        for name in marker.args:
            if name not in SERVICES:
                known = ", ".join(SERVICES)
                pytest.fail(f"service {name!r} is not known; one of {known}", pytrace=False)
            if _is_there(SERVICES[name]):
                continue
            message = f"service {name} is absent; `make services` installs it"
            if os.environ.get(REQUIRE_SERVICES) == "1":
                pytest.fail(f"{message} ({REQUIRE_SERVICES}=1)", pytrace=False)
            pytest.skip(message)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the checkout, or skip with a message."""
    return _beside("data")


@pytest.fixture(scope="session")
def shared_facts() -> Path:
    """Return the folder of facts and worked cases beside the checkout, or skip."""
    return _beside("facts")


def _beside(name: str) -> Path:
    folder = ROOT.parent / "shared" / name
    if not folder.is_dir():
        pytest.skip(f"../shared/{name} is absent; this test reads real files there")
    return folder
