"""A list is fetched whole from a checked address, or the old version stays in use."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from list_worlds import ListWorld, company, terms
from loopback_servers import Page, Received, http_server, slow_server
from sluicegate.adapters.list_fetching import HttpFetcher
from sluicegate.adapters.lists.reading import read_list
from sluicegate.screening.known_lists import KnownList
from sluicegate.services.lists.checking import ages
from sluicegate.services.lists.fetching import (
    FetchOptions,
    FetchOutcome,
    fetch_list,
    fetchable,
)
from sluicegate.services.lists.parties import listed_parties
from sluicegate.services.lists.parts import UnknownListError
from sluicegate.services.ports.addresses import AddressPolicy
from sluicegate.services.ports.lists import FetchError

NO_PROXY: Mapping[str, str] = {}
CSV = "id,name,schema\n" + "".join(f"{n},Unlike Works Number {n},Company\n" for n in range(20))
WHO = "ana:pa%24s"
MORE = CSV + "77,Brask Optics Works,Company\n"


def fetcher(received: Received, **more: object) -> HttpFetcher:
    """Return a fetcher that may call a server of this machine."""
    policy = AddressPolicy(allow_http=True, ports=(received.port,), networks=("127.0.0.0/8",))
    made = HttpFetcher(policy, seconds=5, proxies=lambda: NO_PROXY)
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_file_is_fetched_whole_with_its_checksum(tmp_path: Path) -> None:
    body = CSV.encode() * 2_000
    told = base64.b64encode(hashlib.sha256(body).digest()).decode()
    with http_server() as received:
        received.pages["/a/list.csv?x=1"] = Page(body, headers={"repr-digest": f"sha-256=:{told}:"})
        fetched = fetcher(received)(received.at("/a/list.csv?x=1"), tmp_path)
    assert fetched.path == tmp_path / "list.csv"
    assert fetched.path.read_bytes() == body
    assert (fetched.checksum, fetched.size_bytes) == (hashlib.sha256(body).hexdigest(), len(body))
    [(_, headers, _)] = received.messages
    assert headers["user-agent"] == "sluicegate"


def test_a_redirect_is_followed_and_checked(tmp_path: Path) -> None:
    with http_server() as received:
        name = {"content-disposition": 'attachment; filename="../SDN.CSV"'}
        received.pages["/there"] = Page(b"1,x", headers=name)
        received.pages["/here"] = Page(status=302, headers={"location": "/there"})
        received.pages["/inner"] = Page(
            status=302, headers={"location": "http://169.254.169.254/secret"}
        )
        received.pages["/round"] = Page(status=302, headers={"location": "/round"})
        fetch = fetcher(received)
        assert fetch(received.at("/here"), tmp_path).path == tmp_path / "SDN.CSV"
        with pytest.raises(FetchError, match=r"port 80 is not allowed|metadata service"):
            fetch(received.at("/inner"), tmp_path)
        with pytest.raises(FetchError, match="leads on and on"):
            fetch(received.at("/round"), tmp_path)


def test_what_is_not_whole_is_not_taken(tmp_path: Path) -> None:
    with http_server() as received:
        received.pages["/cut"] = Page(b"1,x", headers={"content-length": "40"})
        wrong = {"repr-digest": "sha-256=:AAAA:"}
        received.pages["/other"] = Page(b"1,x", headers=wrong)
        received.pages["/empty"] = Page(b"")
        received.pages["/large"] = Page(b"x" * 2_000)
        fetch = fetcher(received, most_bytes=1_000)
        for path, problem in {
            "/none": "answers 404",
            "/cut": "breaks off|gave 3 of 40 bytes",
            "/other": "another SHA-256 than it said",
            "/empty": "an empty file",
            "/large": "more than 1000 bytes",
        }.items():
            with pytest.raises(FetchError, match=f"{problem}.*version in use stays"):
                fetch(received.at(path), tmp_path)


def test_a_server_that_takes_forever_is_left(tmp_path: Path) -> None:
    with slow_server(b"HTTP/1.1 200 OK\r\n" * 100, every_seconds=0.05) as port:
        received = Received(port)
        with pytest.raises(FetchError, match="takes longer than 1 seconds"):
            fetcher(received, seconds=1)(received.at("/list"), tmp_path)


def test_an_inner_address_is_not_called_and_no_secret_is_shown(tmp_path: Path) -> None:
    with http_server() as received:
        shut = HttpFetcher(AddressPolicy(True, (received.port,)), proxies=lambda: NO_PROXY)
        with pytest.raises(FetchError, match="is not a public address"):
            shut(received.at("/list"), tmp_path)
        with pytest.raises(FetchError) as raised:
            fetcher(received)(received.at("/none?signature=hidden"), tmp_path)
        assert "hidden" not in str(raised.value)
    assert len(received.messages) == 1


def test_a_proxy_of_the_environment_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "other.example")
    with http_server() as proxy:
        url = "http://lists.example/list.csv"
        proxy.pages[url] = Page(b"1,x")
        policy = AddressPolicy(True, (80, 443))
        proxies = {"http": f"http://{WHO}@127.0.0.1:{proxy.port}"}
        fetch = HttpFetcher(policy, 5, resolve=_nowhere, proxies=lambda: proxies)
        assert fetch(url, tmp_path).size_bytes == 3
        [(path, headers, _)] = proxy.messages
        assert path == url
        login = base64.b64decode(headers["proxy-authorization"].removeprefix("Basic "))
        assert login == b"ana:pa$s"
        with pytest.raises(FetchError, match="has no address"):
            fetch("http://other.example/list.csv", tmp_path)
        tunnelled = replace(fetch, proxies=lambda: {"https": proxies["http"]})
        with pytest.raises(FetchError, match="cannot be reached") as raised:
            tunnelled("https://lists.example/list.csv", tmp_path)
    assert "pa" + "%24s" not in str(raised.value)


def _nowhere(_name: str, _port: int) -> list[str]:
    raise OSError("no name is resolved here")


def fetched(world: ListWorld, received: Received, *paths: str, **more: object) -> FetchOutcome:
    """Fetch the list `own` from pages of a server."""
    addresses = tuple(received.at(path) for path in paths)
    options = FetchOptions(addresses, **more)  # type: ignore[arg-type]
    return fetch_list(world.parts, "own", fetch=fetcher(received), read=read_list, options=options)


def test_a_fetched_list_is_taken_in_and_one_that_fails_leaves_the_old(world: ListWorld) -> None:
    with http_server() as received:
        received.pages["/own.csv"] = Page(CSV.encode())
        first = fetched(world, received, "/own.csv")
        assert first.imported is not None
        assert first.imported.is_new
        for body, problem in (
            (b"", "an empty file"),
            (b"id,name\n", "no entry in it could be read"),
            ("\n".join(CSV.splitlines()[:5]).encode(), "has 4 entries, 20 before"),
        ):
            received.pages["/own.csv"] = Page(body)
            failed = fetched(world.at(1), received, "/own.csv")
            assert failed.imported is None
            assert problem in str(failed.problem)
        assert len(listed_parties(world.parts.store, world.parts.files)) == 20
        received.pages["/own.csv"] = Page(MORE.encode())
        taken = fetched(world.at(2), received, "/own.csv")
        assert taken.imported is not None
        assert len(taken.imported.changes.added) == 1
    names = [one.name for one in world.parts.store.acts()]
    assert names.count("list_not_fetched") == 3
    assert names.count("list_imported") == 2


def test_the_checksum_that_is_asked_for_must_be_had(world: ListWorld) -> None:
    with http_server() as received:
        received.pages["/own.csv"] = Page(CSV.encode())
        wrong = fetched(world, received, "/own.csv", checksum="0" * 64)
        assert "has the SHA-256" in str(wrong.problem)
        right = hashlib.sha256(CSV.encode()).hexdigest().upper()
        assert fetched(world, received, "/own.csv", checksum=right).imported is not None


@pytest.mark.parametrize("is_mirror", [False, True])
def test_the_issuers_address_confirms_the_version_and_a_mirror_does_not(
    world: ListWorld, *, is_mirror: bool
) -> None:
    with http_server() as received:
        address = received.at("/own.csv")
        received.pages["/own.csv"] = Page(CSV.encode())
        world.parts = replace(
            world.parts, catalogue=lambda name: replace(terms(name), addresses=(address,))
        )
        options = FetchOptions((address,) if is_mirror else ())
        for days in (0, 25):
            taken = fetch_list(
                world.at(days).parts,
                "own",
                fetch=fetcher(received),
                read=read_list,
                options=options,
            )
            assert taken.imported is not None
            assert taken.imported.is_new is (days == 0)
    day = world.at(30).parts.clock.now().date()
    [age] = ages(world.parts.store, terms, day)
    assert age.days == (30 if is_mirror else 5)


def test_a_dry_run_fetches_and_keeps_nothing(world: ListWorld) -> None:
    with http_server() as received:
        received.pages["/own.csv"] = Page(CSV.encode())
        tried = fetched(world, received, "/own.csv", dry_run=True)
        assert "answers 404" in str(fetched(world, received, "/none", dry_run=True).problem)
    assert tried.imported is not None
    assert len(tried.imported.changes.added) == 20
    assert list(world.parts.store.acts()) == []
    assert world.parts.store.lists.versions() == ()


def test_what_is_fetched_without_names_is_what_is_in_use(world: ListWorld) -> None:
    def catalogue(list_id: str) -> KnownList:
        addresses = ("https://lists.example/a",) if list_id in ("aaa", "bbb") else ()
        return replace(terms(list_id), addresses=addresses)

    world.parts = replace(world.parts, catalogue=catalogue)
    assert fetchable(world.parts, [], ["aaa", "bbb", "ccc"]) == []
    with http_server() as received:
        received.pages["/own.csv"] = Page(CSV.encode())
        fetched(world, received, "/own.csv")
    world.load("bbb", company("bbb", "1"))
    assert fetchable(world.parts, [], ["aaa", "bbb", "ccc"]) == ["bbb"]
    assert fetchable(world.parts, ["aaa", "aaa"], ["aaa"]) == ["aaa"]
    with pytest.raises(UnknownListError, match=r"ccc: its issuer's address .* known of aaa, bbb"):
        fetchable(world.parts, ["ccc"], ["aaa", "bbb", "ccc"])
