"""A command loads what it needs: none waits for a web server, a database or a policy engine."""

from __future__ import annotations

import subprocess
import sys

from sluicegate.cli.application import COMMANDS

HEAVY = frozenset(
    {
        "alembic",
        "argon2",
        "authlib",
        "babel",
        "cedarpy",
        "cryptography",
        "duckdb",
        "fastapi",
        "httpx",
        "icalendar",
        "jinja2",
        "joserfc",
        "numpy",
        "prometheus_client",
        "pyotp",
        "segno",
        "sqlalchemy",
        "sqlglot",
        "starlette",
        "uvicorn",
        "weasyprint",
    }
)
SHOW = "import sys; {what}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
OWN = "import sys; {what}; print(*sorted(one for one in sys.modules if 'sluicegate' in one))"


def loaded(what: str, show: str = SHOW) -> frozenset[str]:
    """Return what a fresh interpreter has loaded after some imports."""
    command = [sys.executable, "-c", show.format(what=what)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return frozenset(done.stdout.split())


def test_the_command_line_begins_without_anything_heavy() -> None:
    assert loaded("import sluicegate.cli.application") & HEAVY == frozenset()


def test_the_version_is_told_without_any_part_of_the_house() -> None:
    own = loaded("import sluicegate.cli.application", OWN)
    assert own == {"sluicegate", "sluicegate.cli", "sluicegate.cli.application"}


def test_the_module_of_no_command_imports_anything_heavy() -> None:
    modules = sorted({place.partition(":")[0] for place in COMMANDS.values()})
    lines = [f"import sluicegate.cli.{module}" for module in modules]
    assert loaded("; ".join(lines)) & HEAVY == frozenset()


def test_asking_loads_no_part_that_works_on_a_node() -> None:
    own = loaded("import sluicegate.cli.asking", OWN)
    rooms = ("cases", "demo", "registry", "metering", "adapters.store", "services.ports")
    found = [one for one in own if one.removeprefix("sluicegate.").startswith(rooms)]
    assert found == []
