"""Hostile input on every route that takes any: each is tried, and none works."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import sluicegate
from command_line import sluicegate as run_command
from event_loops import Loop
from leak_calls import IS_LONG, Answer, Calls, Cell, caller_of, cells_of, expected, source_digest
from leak_console_routes import CONSOLE
from leak_hows import RouteId
from leak_routes import EVERY, walked
from leak_world import LeakWorld, Where, leak_world
from principals import SELF
from served_api import PUBLIC
from sluicegate.api.application import openapi_document
from sluicegate.cases.filters import KEYS
from sluicegate.core.cells import FORMULA_SIGNS
from sluicegate.services.identity import NewPerson
from sluicegate.services.identity.values import csrf_secret
from sluicegate.web.application import application as console_application
from sluicegate.web.security import form_token
from sluicegate.wiring.identity import operator_desk

SCRIPT = "<img src=x onerror=alert(1)><script>alert(2)</script>"
MARKUP = "=1<img src=x onerror=alert(1)>{{7*7}}%(name)s"
"""What is stored in every text of the hostile world: a formula, markup, templates."""

INJECTED = (
    "' OR '1'='1",
    '"; DROP TABLE cases; --',
    "') UNION SELECT canonical FROM acts --",
    "%' ESCAPE '",
    "../../../etc/passwd",
    "{{7*7}}${7*7}#{7*7}",
    SCRIPT,
    "\r\nSet-Cookie: a=b",
    "\u202e\u2066\ufeff",
    "9" * 400,
    "-1",
    "NaN",
)
READS = sorted(one for one in walked() if one.method == "GET")
ROUTES = READS if IS_LONG else random.Random(source_digest()).sample(READS, 30)
WEB = Path(sluicegate.__file__).parent / "web"


@pytest.fixture(scope="module")
def hostile_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeakWorld]:
    with leak_world(tmp_path_factory.mktemp("hostile"), MARKUP) as found:
        yield found


@pytest.fixture(scope="module")
def hostile(hostile_world: LeakWorld, loop: Loop) -> Iterator[Calls]:
    made = Calls(hostile_world, loop)
    yield made
    made.close()


class Made(HTMLParser):
    """Finds what a hostile text would make: elements and attributes that run something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        given = dict(attrs)
        is_inline = tag == "script" and not (given.get("src") or "").startswith("/static/")
        links = [given.get(name) or "" for name in ("href", "src", "action", "formaction")]
        if is_inline or any(name.startswith("on") for name in given) or given.get("src") == "x":
            self.found.append(f"<{tag} {given}>")
        if any(re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE) for link in links):
            self.found.append(f"<{tag} {given}>")


def made_by(answer: Answer) -> list[str]:
    """Return what a page holds that runs something and is not the console's own."""
    parser = Made()
    parser.feed(answer.text)
    return parser.found


def is_page(answer: Answer) -> bool:
    return dict(answer.headers).get("content-type", "").startswith("text/html")


def permitted(calls: Calls, route: RouteId, *, other: bool = False) -> Cell | None:
    """Return a call of a route that is answered: about one's own, or by the other tenant."""
    where = Where.OTHER if other else Where.OWN
    for cell in cells_of(calls.world, route):
        is_fit = cell.where in (None, where) and cell.who.startswith("other-") is other
        if is_fit and expected(calls.world, calls.authority.policies, cell) & {200, 303}:
            return cell
    return None


@lru_cache
def document() -> dict[str, Any]:
    return openapi_document()


@lru_cache
def query_names(route: RouteId) -> list[str]:
    """Return the query parameters of a route: declared ones, or all that the console reads."""
    if route.face == "API":
        operation = document()["paths"].get(route.path.replace(":path", ""), {})
        found = operation.get("get", {}).get("parameters", [])
        return [one["name"] for one in found if one["in"] == "query"]
    names = set(KEYS)
    for file in WEB.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        names |= set(re.findall(r"query(?:_params)?\.get\(\"([\w.]+)\"", text))
    return sorted(names)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_hostile_text_in_any_query_breaks_and_makes_nothing(route: RouteId, calls: Calls) -> None:
    cell = permitted(calls, route)
    names = query_names(route)
    if cell is None or not names:
        return
    drawn = random.Random(f"{source_digest()} {route}")
    texts = INJECTED if IS_LONG else drawn.sample(INJECTED, 3)
    for text in texts:
        one = drawn.choice(names)
        for query in (dict.fromkeys(names, text), {**cell.how.query, one: text}):
            path = calls.path(cell)
            answer = calls.send(route.face, "GET", path, cell.who, params=query)
            assert answer.status < 500, f"{route} {query}: {answer.text[:300]}"
            assert_harmless(answer, f"{route} {query}")


def assert_harmless(answer: Answer, about: str) -> None:
    """Fail when an answer carries what was put in as more than text."""
    assert "a=b" not in dict(answer.headers).get("set-cookie", ""), about
    assert "root:x:" not in answer.text, about
    if is_page(answer):
        assert made_by(answer) == [], about
    assert not answer.location.startswith(("//", "/\\", "http")), about


@pytest.mark.parametrize("route", READS, ids=str)
def test_hostile_text_in_any_field_is_shown_as_text(route: RouteId, hostile: Calls) -> None:
    """Every stored text is markup, a formula and a template; every page and export is read."""
    for other in (False, True):
        cell = permitted(hostile, route, other=other)
        if cell is None or cell.how.is_slow or route.path.startswith("/reports/"):
            continue
        answer = hostile.call(cell)
        assert answer.status < 500, f"{cell}: {answer.text[:300]}"
        assert_harmless(answer, str(cell))
        assert "49" not in re.findall(r"A0 .{0,200}?(\d\d)%\(name\)s", answer.text), cell
        headers = dict(answer.headers)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        if not route.path.startswith("/static/"):
            assert headers["cache-control"] in ("no-store", "private, no-cache"), cell
        if headers.get("content-type", "").startswith("text/csv"):
            assert_no_formula(answer.text, str(cell))


def test_the_hostile_world_is_read_somewhere(hostile: Calls) -> None:
    """The proof above rests on pages that do show the stored texts."""
    cell = permitted(hostile, RouteId("console", "GET", "/cases/{case}"))
    assert cell is not None
    assert "onerror=alert" in hostile.call(cell).text
    other = permitted(hostile, RouteId("console", "GET", "/customers"), other=True)
    assert other is not None
    assert "onerror=alert" in hostile.call(other).text


def assert_no_formula(text: str, about: str) -> None:
    """Fail when a cell of CSV begins as a formula and is no number."""
    rows = list(csv.reader(io.StringIO(text)))
    assert rows, about
    for row in rows:
        for cell in row:
            is_number = re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?", cell) is not None
            assert is_number or not cell.startswith(tuple(FORMULA_SIGNS)), f"{about}: {cell[:60]}"


@pytest.mark.parametrize(
    "words",
    [
        ("cases", "list", "--where", "state=all"),
        ("users", "list"),
        ("clients", "list"),
        ("jobs", "list"),
        ("webhooks", "list"),
    ],
    ids=" ".join,
)
def test_no_export_of_a_command_holds_a_formula(
    words: tuple[str, ...], hostile_world: LeakWorld
) -> None:
    folder = hostile_world.node.node.folder.path
    ran = run_command(*words, "--node", folder, "--format", "csv")
    assert ran.code == 0, ran.err
    assert_no_formula(ran.out, " ".join(words))


FORMS = sorted(one for one in walked() if one.face == "console" and one.method == "POST")


@pytest.mark.parametrize("route", FORMS, ids=str)
def test_no_form_is_taken_from_elsewhere_or_of_another_session(
    route: RouteId, calls: Calls
) -> None:
    """The right cookie, but no token, a token of another session, or another origin."""
    cell = next(one for one in cells_of(calls.world, route) if one.who == "insider")
    path, session = calls.path(cell), calls.world.callers["analyst"].session
    assert session is not None
    stolen = form_token(csrf_secret(session))
    for more in (
        {"data": {"csrf": ""}},
        {"data": {"csrf": stolen}},
        {"data": {"csrf": "0.0"}},
        {"headers": {"Origin": "https://elsewhere.example"}},
        {"headers": {"Origin": "http://node.example.elsewhere.example"}},
        {"headers": {"Sec-Fetch-Site": "cross-site"}},
    ):
        answer = calls.send("console", "POST", path, "insider", **more)
        assert answer.status == 403, f"{route} {more}"


HTTPS = "https:" + "//"
"""Apart, so that a name behind it is no name of a host in this file."""

ADDRESSES = (
    *("http://127.0.0.1/", f"{HTTPS}localhost/", "https://127.1/", "https://0/"),
    *("https://2130706433/", f"{HTTPS}0x7f000001/", "https://0177.0.0.1/", "https://[::1]/"),
    *("https://[::ffff:127.0.0.1]/", "https://[::127.0.0.1]/", "https://[64:ff9b::7f00:1]/"),
    *("https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/"),
    *("https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/"),
    *("https://[fe80::1]/", "https://224.0.0.1/", "https://255.255.255.255/"),
    *("file:///etc/passwd", "gopher://93.184.215.14/", "ftp://93.184.215.14/", "//127.0.0.1/"),
    *(f"{HTTPS}user:pass@93.184.215.14/", "https://93.184.215.14@127.0.0.1/"),
    *("https://93.184.215.14:22/", "https://93.184.215.14\\@127.0.0.1/", "https:///etc"),
    *("https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://93.184.215.14/\r\nHost: a"),
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_webhook_reaches_nothing_that_only_the_node_reaches(address: str, calls: Calls) -> None:
    body = {"url": address}
    answer = calls.send("API", "POST", "/v1/webhooks", "administrator", json=body)
    assert answer.status == 422
    form = {"url": address, "scope": "all"}
    assert calls.send("console", "POST", "/webhooks", "administrator", data=form).status == 422


PATHS = (
    *("../../state.db", "..%2f..%2fsluicegate.toml", "%2fetc%2fpasswd", "%2e%2e", "..;/state.db"),
    *("....//state.db", "..\\..\\state.db", "%5c..%5cstate.db", "/etc/passwd", "%252e%252e%252f"),
)


@pytest.mark.parametrize("path", PATHS)
def test_no_part_of_a_path_leads_to_another_file(path: str, calls: Calls) -> None:
    job, case = calls.world.things["job", Where.OWN], calls.world.things["case", Where.OWN]
    for face, begins in (
        ("API", "/v1/reports/"),
        ("API", "/v1/reports/2026-06-30/"),
        ("API", f"/v1/jobs/{job}/results/"),
        ("API", f"/v1/cases/{case}/attachments/"),
        ("console", "/static/"),
        ("console", "/reports/2026-06-30/"),
        ("console", f"/jobs/{job}/results/"),
        ("console", f"/cases/{case}/files/"),
    ):
        answer = calls.send(face, "GET", begins + path, "officer")
        assert answer.status in (400, 404), f"{begins}{path}"
        assert "SQLite format" not in answer.text
        assert "tenant =" not in answer.text


def test_the_name_of_an_upload_makes_no_file_elsewhere(calls: Calls) -> None:
    folder = calls.world.node.node.folder.path
    before = files_below(folder)
    case = calls.world.things["case", Where.OWN]
    for name in ("../../evil", "/tmp/evil", "..\\evil", "a\r\nSet-Cookie: a=b", "con", "é" * 200):
        query = {"name": name}
        for path, who in (("/v1/intake", "engineer"), (f"/v1/cases/{case}/attachments", "officer")):
            answer = calls.send("API", "POST", path, who, params=query, content=b"a,b\n")
            assert answer.status in (201, 202, 422), answer.text
    kept = {one for one in files_below(folder) - before if "state.db" not in one}
    assert kept, "the uploads are kept somewhere"
    assert all(one.startswith("work/") for one in kept), kept
    assert not Path("/tmp/evil").exists()
    told = calls.send("API", "GET", f"/v1/cases/{case}", "officer")
    for file in re.findall(r"a-[0-9a-f]{16}", told.text):
        one = calls.send("API", "GET", f"/v1/cases/{case}/attachments/{file}", "officer")
        assert "a=b" not in dict(one.headers).get("set-cookie", "")
        assert dict(one.headers)["content-disposition"].startswith("attachment;")
    calls.restore()


def files_below(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "usage.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as stream:
        for _ in range(80):
            stream.write(b"a,b\n" * (1 << 18))
    assert bomb.stat().st_size < 1 << 20
    node = tmp_path / "node"
    assert run_command("init", node).code == 0
    ran = run_command("intake", bomb, "--node", node)
    assert ran.code == 2
    assert "unpacks to more than" in ran.err + ran.out


@pytest.mark.parametrize("member", ["../evil", "/tmp/evil", "a/../../evil"])
def test_an_archive_restores_nothing_outside_its_folder(member: str, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        content = b"evil"
        info = tarfile.TarInfo(member)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    ran = run_command("restore", archive, tmp_path / "in" / "node")
    assert ran.code != 0
    assert [one.name for one in tmp_path.rglob("evil*")] == []


ZIPS = {"source.py": "list files, unpacked within bounds of size and number"}
"""Modules that open a zip, and what keeps a bomb from them; others only write one."""


def test_xml_is_read_by_one_module_that_expands_no_entities_and_nothing_is_unpickled() -> None:
    banned = {"lxml", "xmltodict", "pickle", "shelve", "marshal"}
    imports = re.compile(r"^\s*(?:from|import) +([\w.]+)(?: +import +([\w, ]+))?", re.MULTILINE)
    found, parsers, zips = {}, set(), set()
    for file in Path(sluicegate.__file__).parent.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for module, names in imports.findall(text):
            first = module.partition(".")[0]
            taken = {name.strip() for name in names.split(",")}
            if first in banned or (first == "xml" and not taken <= {"Element", "ParseError"}):
                found[file.name] = module
            if first == "defusedxml":
                parsers.add(file.name)
        if re.search(r"ZipFile\((?![^)]*\"w\")", text):
            zips.add(file.name)
    assert found == {}
    assert parsers == {"trees.py"}
    assert zips == set(ZIPS)


BODIES = sorted(
    name for name, how in EVERY["API"].items() if how.json is not None and ": " not in name
)


@pytest.mark.parametrize("name", BODIES)
def test_deep_and_large_bodies_stop_before_a_parser(name: str, calls: Calls) -> None:
    method, _, path = name.partition(" ")
    route = RouteId("API", method, path)
    cell = next(one for one in cells_of(calls.world, route) if one.who == "insider")
    headers = {"Content-Type": "application/json"}
    where = calls.path(cell)
    for content, status in (
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b'{"a":"' + b"x" * (2 << 20) + b'"}', 413),
        (b'{"a":' + b"9" * 5000 + b"}", 400),
    ):
        answer = calls.send("API", method, where, "insider", content=content, headers=headers)
        assert answer.status in (status, 422), answer.text[:200]


def test_oversized_cookies_and_headers_are_no_failure(calls: Calls) -> None:
    for value in ("x" * 20_000, "self." + "é" * 50, '"\\"', "c2VsZg.\x7f", "=" * 500):
        cookie = f"sluicegate-session={value}; sluicegate-notice={value}; sluicegate-theme={value}"
        for path in ("/", "/sign-in", "/calendar/none.ics"):
            sent = {"Cookie": cookie.encode("latin-1", "replace")}
            answer = calls.send("console", "GET", path, None, headers=sent)
            assert answer.status < 500
            assert value not in answer.text
    long = {"X-A": "x" * 40_000, "Authorization": "Bearer " + "x" * 20_000}
    assert calls.send("API", "GET", "/v1/me", None, headers=long).status in (400, 401)
    fields = {f"f{number}": "x" for number in range(6000)}
    assert calls.send("console", "POST", "/preferences", "analyst", data=fields).status == 400


ELSEWHERE = (
    *(
        "//elsewhere.example/",
        "https://elsewhere.example/",
        "/\\elsewhere.example",
        "\\\\e.example",
    ),
    *(
        "/\t/elsewhere.example",
        "javascript:alert(1)",
        " //elsewhere.example",
        "/%0d%0aSet-Cookie:a",
    ),
    *("///elsewhere.example", "http:/elsewhere.example", "/\r\nLocation: //elsewhere.example"),
    *(
        "//elsewhere.example%2f..",
        "https:elsewhere.example",
        "?//elsewhere.example",
        "elsewhere.example",
    ),
)


@pytest.mark.parametrize("path", ELSEWHERE)
def test_no_next_page_lies_elsewhere(path: str, calls: Calls) -> None:
    query = {"next": path}
    signed = calls.send("console", "GET", "/sign-in", "analyst", params=query)
    sent = calls.send("console", "POST", "/preferences", "analyst", data=query)
    page = calls.send("console", "GET", "/sign-in", None, params=query)
    for answer in (signed, sent):
        assert answer.status == 303
        assert re.match(r"/(?![/\\])", answer.location), answer.location
        assert "set-cookie: a" not in answer.whole.lower()
    [kept] = re.findall(r'name="next" value="([^"]*)"', page.text)[-1:]
    assert re.match(r"/(?![/\\])", kept)


def test_a_forged_host_enters_no_link_and_passes_no_form(calls: Calls) -> None:
    """The node has a public address; what a request calls it counts for nothing."""
    address = "https://compute.example"
    served = replace(calls.world.served, public_url=address)
    own = caller_of(calls, console_application(served))
    session = calls.world.callers["analyst"].session
    assert session is not None
    cookies = {"Cookie": f"__Host-sluicegate-session={session}", "Host": "elsewhere.example"}
    for path in ("/", "/calendar", "/account", "/cases"):
        answer = own("GET", path, headers=cookies)
        assert answer.status == 200
        assert "elsewhere.example" not in answer.whole
    form = {"csrf": form_token(csrf_secret(session)), "scope": "all"}
    forged = {**cookies, "Origin": "https://elsewhere.example"}
    assert own("POST", "/calendar", headers=forged, data=form).status == 403
    made = own("POST", "/calendar", headers={**cookies, "Origin": address}, data=form)
    assert made.status == 200
    assert f"{address}/calendar/" in made.text
    assert "elsewhere.example" not in made.whole
    calls.restore()


def test_a_session_given_by_another_is_worth_nothing_after_signing_in(calls: Calls) -> None:
    """Whoever plants a cookie before the sign-in does not hold the session after it."""
    identity = calls.world.served.identities.of(SELF)
    assert identity is not None
    desk = operator_desk(calls.world.node)
    viewer = calls.world.callers["viewer"].principal
    assert viewer is not None
    rights = replace(identity.people(desk)[0].rights, roles=viewer.roles, sealed_groups=frozenset())
    issued = identity.add_person(desk, NewPerson("fixed.person", "Fixed Person", rights))
    planted = identity.sign_in("fixed.person", issued.password).token
    cookie = {"Cookie": f"sluicegate-session={planted}"}
    form = {
        "csrf": form_token(csrf_secret(planted)),
        "login": "fixed.person",
        "password": issued.password,
        "tenant": "self",
    }
    answer = calls.send("console", "POST", "/sign-in", None, headers=cookie, data=form)
    assert answer.status == 303
    [value] = re.findall(r"set-cookie: sluicegate-session=([^;]+)", answer.whole)
    assert value != planted
    again = calls.send("console", "GET", "/account", None, headers=cookie)
    assert again.status == 303, "the planted session is not signed in"
    calls.restore()


def test_an_unknown_login_takes_the_same_way_as_a_wrong_password(calls: Calls) -> None:
    """The same words, and as many hashes counted."""
    answers, counts = [], []
    identity = calls.world.served.identities.of(SELF)
    assert identity is not None
    hashes, counted = identity.parts.hashes, []

    class Counting:
        """Counts what is hashed."""

        def __getattr__(self, name: str) -> Any:
            counted.append(name)
            return getattr(hashes, name)

    slow = replace(identity, parts=replace(identity.parts, hashes=Counting()))
    for login in ("analyst.self", "nobody.at.all"):
        counted.clear()
        with pytest.raises(Exception, match="wrong") as refused:
            slow.sign_in(login, "not the password")
        answers.append(str(refused.value))
        counts.append(list(counted))
    calls.restore()
    assert answers[0] == answers[1]
    assert counts[0] == counts[1] != []


def test_every_post_of_the_console_is_a_form_of_the_tables() -> None:
    """The proofs above walk what the console declares."""
    assert len(FORMS) > 20
    assert {one.path for one in FORMS} == {
        name.partition(": ")[0].removeprefix("POST ") for name in CONSOLE if name.startswith("POST")
    }
    assert PUBLIC
