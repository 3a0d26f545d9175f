"""How long pages of the queue and of cases take with 1 M findings about 100,000 customers.

A node is filled (`support/large_node.py`) and served by `sluicegate serve` as it
is, background work included. This process signs in as an analyst over HTTP, then
asks for pages at a fixed rate, each at its own time whether or not the one before
is answered, and notes how long each took from the moment it was due. In turn: the
queue under mixed filters and deep in its pages, cases drawn from all, and the
control, a static text of the same server. Looking for a text is measured apart,
one request after the other. Exits 1 when the median of the 95th
percentiles of either is above the limit, unless --small.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

import httpx

LIMIT_MS = 200.0
RATE = 20
SECONDS = 60
ROUNDS = 3
DEEP_PAGES = 30
CASES = 400
_FILL = Path(__file__).parent / "support" / "large_node.py"
_START_SECONDS = 120
_AMONG = "c-000"


@dataclass(frozen=True)
class Wanted:
    """A page: its kind, under which it is counted, and its address."""

    kind: str
    path: str


@dataclass
class Series:
    """How long each request took, in milliseconds, by kind of page; and how many failed."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: list[str] = field(default_factory=list)

    @property
    def every(self) -> list[float]:
        """All times together."""
        return [one for times in self.took.values() for one in times]


def command(*words: str) -> list[str]:
    """Return a command of this version of Sluicegate."""
    return [sys.executable, "-m", "sluicegate", *words]


def filled(node: Path, *, is_small: bool) -> str:
    """Make a demo's node with a million findings; return the password of its analyst."""
    subprocess.run(command("demo", "--node", str(node)), check=True, stdout=subprocess.DEVNULL)
    size = ["--findings", "2000", "--first", "500"] if is_small else []
    made = subprocess.run(
        [sys.executable, str(_FILL), str(node), *size], check=True, stdout=subprocess.PIPE
    )
    (node / "filled.json").write_bytes(made.stdout)
    return kept(node)


def kept(node: Path) -> str:
    """Return the password of the analyst of a node that was filled, and say what it holds."""
    said = json.loads((node / "filled.json").read_text(encoding="utf-8"))
    size = (node / "state.db").stat().st_size / 2**30
    counts = ", ".join(f"{count:,} {name}" for name, count in said["counts"].items())
    print(f"{counts}; store {size:.1f} GiB")
    return str(said["accounts"]["maker"])


@contextmanager
def served(node: Path) -> Iterator[tuple[str, int]]:
    """Serve a node as a user does; give its address and the id of the process."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = int(listening.getsockname()[1])
    words = command("serve", "--node", str(node), "--port", str(port))
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _await(address: str) -> None:
    for _ in range(_START_SECONDS * 5):
        try:
            httpx.get(f"{address}/sign-in").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        return
    raise TimeoutError("the node did not start")


def signed_in(address: str, password: str) -> httpx.Cookies:
    """Sign in as the analyst, as a browser does; return the cookies."""
    with httpx.Client(base_url=address) as browser:
        page = browser.get("/sign-in").text
        guard = re.search(r'name="csrf" value="([^"]+)"', page)
        assert guard is not None
        form = {"csrf": guard[1], "login": "maker", "password": password, "next": "/"}
        answer = browser.post("/sign-in", data=form, headers={"Origin": address})
        assert answer.status_code == 303, answer.status_code
        assert browser.get("/cases").status_code == 200
        return browser.cookies


def static_path(address: str, cookies: httpx.Cookies) -> str:
    """Return the address of a static text that every page names."""
    page = httpx.get(f"{address}/cases", cookies=cookies).text
    found = re.search(r'"(/static/[^"]+\.css)"', page)
    assert found is not None
    return found[1]


def queue_pages(address: str, cookies: httpx.Cookies, deep: int) -> list[Wanted]:
    """Return pages of the queue: filters of every part, pairs of them, and deep ones."""
    day = datetime.now(UTC).date()
    soon, late = (day + timedelta(days=8)).isoformat(), (day - timedelta(days=1)).isoformat()
    filters = {
        "queue, all": [""],
        "queue, one filter": [
            *("state=new", "state=pending", "state=closed", "state=all", "priority=urgent"),
            *("priority=low", "jurisdiction=EU", "jurisdiction=US-CA", "jurisdiction=PROPOSAL"),
            *("assignee=me", "assignee=nobody", "subject_kind=customer", "subject_kind=run"),
            *("escalated=yes", "to_check=yes"),
        ],
        "queue, rule": [f"rule={rule}" for rule in _rules(address, cookies)],
        "queue, due": [f"due_before={soon}", f"due_before={late}"],
        "queue, customer": [f"customer={_AMONG}{number:03}.k001" for number in range(10)],
        "queue, two or more": [
            *("jurisdiction=EU&priority=normal", "assignee=me&state=pending"),
            *("jurisdiction=PROPOSAL&subject_kind=run", "priority=low&assignee=nobody"),
            *("state=all&jurisdiction=KR", f"jurisdiction=EU&due_before={soon}"),
            f"assignee=me&due_before={soon}",
        ],
    }
    found = [
        Wanted(kind, f"/cases{'?' if query else ''}{query}")
        for kind, queries in filters.items()
        for query in queries
    ]
    with httpx.Client(base_url=address, cookies=cookies, timeout=60) as browser:
        for first in ("/cases", "/cases?jurisdiction=EU"):
            found += [Wanted("queue, deep", path) for path in _followed(browser, first, deep)]
    return found


def _rules(address: str, cookies: httpx.Cookies) -> list[str]:
    """Return the rules that the filter of the queue offers, some of them."""
    page = httpx.get(f"{address}/cases", cookies=cookies, timeout=60).text
    choice = re.search(r'<select[^>]*name="rule".*?</select>', page, re.DOTALL)
    assert choice is not None
    return re.findall(r'value="([^"]+)"', choice[0])[:8]


def _followed(browser: httpx.Client, path: str, pages: int) -> list[str]:
    """Follow a queue page by page; return the addresses of the last five."""
    found = []
    for _ in range(pages):
        page = browser.get(path).text
        following = re.search(r'href="([^"]+)"[^>]*rel="next"', page) or re.search(
            r'rel="next"[^>]*href="([^"]+)"', page
        )
        if following is None:
            break
        path = following[1].replace("&amp;", "&")
        found.append(path)
    return found[-5:]


SEARCHED = ("reskesimar", "syn-k-052", "nothing of this name", f"{_AMONG}012.k002")


def searched(address: str, cookies: httpx.Cookies) -> None:
    """Look for texts in names, one after the other, from one that many have to one of none."""
    times = []
    with httpx.Client(base_url=address, cookies=cookies, timeout=60) as browser:
        for text in SEARCHED:
            started = time.perf_counter()
            browser.get("/cases", params={"text": text}).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
    print(f"looking for a text: median {median(times):.0f} ms, {len(times)} requests")


def case_pages(node: Path, count: int) -> list[Wanted]:
    """Return the pages of cases drawn from all, and of those with many events or alerts."""
    with sqlite3.connect(f"file:{node / 'state.db'}?mode=ro", uri=True) as store:
        last = store.execute("SELECT max(sequence) FROM cases").fetchone()[0]
        draw = random.Random(20261122)
        rows = [
            store.execute(
                "SELECT case_id, alert_count, version, subject_kind FROM cases"
                " WHERE sequence >= ? LIMIT 1",
                (draw.randrange(last),),
            ).fetchone()
            for _ in range(count)
        ]
        busy = store.execute(
            "SELECT case_id, alert_count, version, subject_kind FROM cases"
            " WHERE state = 'pending' LIMIT 40"
        ).fetchall()

    def kind(alerts: int, version: int) -> str:
        if version > 1:
            return "case, worked"
        return "case, one finding" if alerts == 1 else "case, more findings"

    return [
        Wanted(kind(alerts, version), f"/cases/{quote(name)}")
        for name, alerts, version, _ in [*rows, *busy]
    ]


async def measured(
    browser: httpx.AsyncClient, pages: Sequence[Wanted], rate: int, seconds: int, seed: int
) -> Series:
    """Ask for pages at a rate; every kind is as frequent as any other."""
    series = Series()
    by_kind: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        by_kind[page.kind].append(page.path)
    kinds = sorted(by_kind)
    draw = random.Random(seed)

    async def one(kind: str, path: str, due: float) -> None:
        try:
            answer = await browser.get(path)
        except httpx.HTTPError as error:
            series.failed.append(f"{path}: {type(error).__name__}")
            return
        series.took[kind].append((time.perf_counter() - due) * 1000)
        if answer.status_code != 200:
            series.failed.append(f"{path}: {answer.status_code}")

    start = time.perf_counter() + 0.1
    tasks = []
    for number in range(rate * seconds):
        due = start + number / rate
        kind = kinds[number % len(kinds)]
        path = draw.choice(by_kind[kind])
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(kind, path, due)))
    await asyncio.gather(*tasks)
    return series


def told(name: str, times: Sequence[float]) -> float:
    """Print the percentiles of some times; return the 95th."""
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else list(times) * 99
    print(
        f"{name:28} p50 {cuts[49]:7.1f} ms  p95 {cuts[94]:7.1f} ms  p99 {cuts[98]:7.1f} ms"
        f"  {len(times)} requests",
        flush=True,
    )
    return cuts[94]


def memory(process: int) -> str:
    """Return how much memory a process has now and had at most, in MiB."""
    said = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    found = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", said))
    return f"{int(found['VmRSS']) // 1024} MiB, at most {int(found['VmHWM']) // 1024} MiB"


async def run(
    address: str,
    cookies: httpx.Cookies,
    parts: dict[str, list[Wanted]],
    shape: tuple[int, int, int],
) -> dict[str, float]:
    """Measure each part in turn, some rounds; return the median of its 95th percentiles."""
    rate, seconds, rounds = shape
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    every: dict[str, Series] = defaultdict(Series)
    high: dict[str, list[float]] = defaultdict(list)
    async with httpx.AsyncClient(
        base_url=address, cookies=cookies, limits=limits, timeout=60
    ) as browser:
        for pages in parts.values():
            await measured(browser, pages, rate, min(seconds, 5), seed=0)
        for turn in range(rounds):
            print(f"round {turn + 1}, load {os.getloadavg()[0]:.1f}")
            for name, pages in parts.items():
                series = await measured(browser, pages, rate, seconds, seed=turn + 1)
                high[name].append(told(f"  {name}", series.every))
                for kind, times in series.took.items():
                    every[name].took[kind] += times
                every[name].failed += series.failed
    print("all rounds together")
    for series in every.values():
        for kind, times in sorted(series.took.items()):
            told(f"  {kind}", times)
        for failure in series.failed[:10]:
            print(f"  failed: {failure}")
    print(f"{sum(len(one.failed) for one in every.values())} failed")
    return {name: median(found) for name, found in high.items()}


def main() -> int:
    """Fill, serve, sign in, measure and say what was found."""
    import jinja2
    import sqlalchemy
    import starlette
    import uvicorn

    import sluicegate

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, help="keep the filled node here, or use it again")
    parser.add_argument("--rate", type=int, default=RATE, help="requests a second")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="length of each series")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="series of each kind")
    parser.add_argument("--small", action="store_true", help="one short round, no verdict")
    given = parser.parse_args()
    shape = (given.rate, 3, 1) if given.small else (given.rate, given.seconds, given.rounds)
    print(
        f"sluicegate {sluicegate.__version__}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}, "
        f"Starlette {starlette.__version__}, uvicorn {uvicorn.__version__}, "
        f"Jinja2 {jinja2.__version__}, {platform.machine()}, {os.cpu_count()} cores, "
        f"{given.rate} requests/s"
    )
    with tempfile.TemporaryDirectory(prefix="sluicegate-bench-") as place:
        node = given.node or Path(place) / "node"
        is_filled = (node / "filled.json").is_file()
        password = kept(node) if is_filled else filled(node, is_small=given.small)
        with served(node) as (address, process):
            cookies = signed_in(address, password)
            print(f"memory of the server before: {memory(process)}")
            bare = [Wanted("control", static_path(address, cookies))]
            deep = 3 if given.small else DEEP_PAGES
            parts = {
                "control": bare,
                "queue": queue_pages(address, cookies, deep),
                "cases": case_pages(node, 40 if given.small else CASES),
            }
            highest = asyncio.run(run(address, cookies, parts, shape))
            searched(address, cookies)
            print(f"memory of the server after: {memory(process)}")
    for name in ("control", "queue", "cases"):
        print(f"median p95, {name}: {highest[name]:.1f} ms, limit {LIMIT_MS:.0f} ms")
    over = [name for name in ("queue", "cases") if highest[name] > LIMIT_MS]
    return 1 if over and not given.small else 0


if __name__ == "__main__":
    sys.exit(main())
