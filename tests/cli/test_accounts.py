"""`sluicegate users` and `sluicegate clients`: from a new account to a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from command_line import sluicegate
from identity_world import private_key, public_text
from sluicegate.core.identifiers import TenantId
from sluicegate.services.identity import Identities, SessionStage, SignInRefusedError
from sluicegate.services.node import NodeError
from sluicegate.wiring import make_node, opened
from sluicegate.wiring.identity import demo_accounts, identities_of, store_of


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Return a new node."""
    make_node(tmp_path / "node")
    return tmp_path / "node"


@contextmanager
def identities(node: Path) -> Iterator[Identities]:
    with opened(node) as at_work:
        yield identities_of(at_work)


def add(node: Path, *more: object) -> dict[str, str]:
    ran = sluicegate(
        *("users", "add", "mira.okonwo", "--name", "Mira Okonwo", "--role", "analyst"),
        *("--node", node, "--format", "json", *more),
    )
    assert ran.code == 0, ran.err
    found: dict[str, str] = ran.json
    return found


def test_a_person_is_added_signs_in_and_is_disabled(empty: Path) -> None:
    made = add(empty)
    assert made["password"] not in sluicegate("users", "list", "--node", empty).out
    with identities(empty) as found:
        identity = found.of(next(iter(found.by_tenant)))
        assert identity is not None
        started = identity.sign_in("mira.okonwo", made["password"])
        assert started.signed_in.stage is SessionStage.CHANGE_PASSWORD
    assert sluicegate("users", "disable", "mira.okonwo", "--node", empty).code == 0
    with identities(empty) as found:
        identity = found.of(next(iter(found.by_tenant)))
        assert identity is not None
        assert found.session(started.token) is None
        with pytest.raises(SignInRefusedError):
            identity.sign_in("mira.okonwo", made["password"])
    assert sluicegate("users", "enable", "mira.okonwo", "--node", empty).code == 0
    assert sluicegate("users", "list", "--node", empty, "--format", "csv").csv[0]["state"] == (
        "active"
    )


def test_an_option_that_is_left_out_keeps_what_stands(empty: Path) -> None:
    add(empty, "--jurisdiction", "EU", "--sealed-group", "suspicion")

    def roles(*options: str) -> tuple[object, ...]:
        words = ("users", "roles", "mira.okonwo", *options, "--node", empty, "--format", "json")
        row = sluicegate(*words).json
        return row["roles"], row["jurisdictions"], row["sealed_groups"]

    assert roles("--role", "reviewer") == (["reviewer"], ["EU"], ["suspicion"])
    assert roles("--jurisdiction", "all") == (["reviewer"], "all", ["suspicion"])
    assert roles("--sealed-group", "none") == (["reviewer"], "all", [])


def test_a_dry_run_keeps_nothing(empty: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key.write_text(public_text(private_key("EdDSA")), encoding="utf-8")
    made = add(empty, "--dry-run")
    assert "password" not in made
    ran = sluicegate(
        *("clients", "add", "x", "--key", key, "--role", "engineer"),
        *("--node", empty, "--dry-run"),
    )
    assert (ran.code, ran.err.strip()) == (0, "dry run: nothing was kept")
    assert sluicegate("users", "list", "--node", empty, "--format", "json").json == []
    assert sluicegate("clients", "list", "--node", empty, "--format", "json").json == []
    add(empty)
    ran = sluicegate("users", "reset", "mira.okonwo", "--node", empty, "--dry-run")
    assert ran.code == 0
    with opened(empty) as at_work:
        assert [one.name for one in at_work.store.acts()] == ["account.added"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("users", "disable", "nobody"), "user nobody: there is none"),
        (("users", "add", "a b", "--name", "A", "--role", "analyst"), "2 to 100 letters"),
        (("users", "add", "a.b", "--name", "A"), "These are no roles: none"),
        (("users", "list", "--tenant", "elsewhere"), "is not served here"),
        (("clients", "revoke", "x"), "client x: there is none"),
        (("clients", "add", "x", "--key", "no-file.pem", "--role", "viewer"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_way_out(
    empty: Path, words: tuple[str, ...], said: str
) -> None:
    ran = sluicegate(*words, "--node", empty)
    assert ran.code == 2
    assert said in ran.err
    assert ran.out == ""


def test_a_machine_is_added_rotated_and_revoked(empty: Path, tmp_path: Path) -> None:
    old, new = tmp_path / "old.pem", tmp_path / "new.json"
    old.write_text(public_text(private_key("ES256")), encoding="utf-8")
    new.write_text(json.dumps(private_key("EdDSA").as_dict(private=False)), encoding="utf-8")
    words = ("--role", "engineer", "--node", empty, "--format", "json")
    made = sluicegate("clients", "add", "scheduler", "--key", old, *words).json
    assert made["token_address"] == "http://127.0.0.1:8400/oauth/token"
    at = (made["id"], "--node", empty)
    both = sluicegate("clients", "rotate", *at, "--key", new, "--keep-old", "--format", "json")
    assert len(both.json["keys"]) == 2
    one = sluicegate("clients", "rotate", *at, "--key", new, "--format", "json").json
    assert one["keys"] == both.json["keys"][:1]
    assert sluicegate("clients", "revoke", *at).code == 0
    [row] = sluicegate("clients", "list", "--node", empty, "--format", "json").json
    assert row["state"] == "revoked"


def test_a_node_may_serve_several_organisations_that_see_nothing_of_each_other(
    empty: Path,
) -> None:
    settings = empty / "sluicegate.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + '\n[serve]\ntenants = ["north", "south"]\n', encoding="utf-8")
    made = add(empty, "--tenant", "north")
    assert sluicegate("users", "list", "--node", empty, "--format", "json").json == []
    rows = sluicegate("users", "list", "--node", empty, "--tenant", "north", "--format", "json")
    assert [one["id"] for one in rows.json] == [made["id"]]
    with opened(empty) as at_work:
        found = identities_of(at_work)
        assert list(found.by_tenant) == ["self", "north", "south"]
        north, south = found.of(list(found.by_tenant)[1]), found.of(list(found.by_tenant)[2])
        assert north is not None
        assert south is not None
        started = north.sign_in("mira.okonwo", made["password"])
        assert south.session(started.token) is None
        again = found.session(started.token)
        assert again is not None
        assert again.principal.tenant == "north"
        with pytest.raises(NodeError, match="is not served here"):
            store_of(at_work, TenantId("elsewhere"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[identity]\noidc_issuer = 'https://id.example'", "without oidc_client_id"),
        (
            "[identity]\noidc_issuer = 'https://id.example'\noidc_client_id = 'x'\n"
            "oidc_client_secret_file = 'keys/none.txt'",
            "client secret cannot be read",
        ),
        ("[identity.groups]\ndesk = {roles = ['analist']}", "there is no role analist"),
        ("[identity.groups]\ndesk = {roles = []}", "gives 'desk' no role"),
        ("[identity.groups]\ndesk = {role = 'analyst'}", "something else than roles"),
        ("[identity]\noidc_issuer = 'http://id.example'", "not an https address"),
        ("[identity]\ntotp = 'never'", "not one of required, optional"),
        ("[identity]\npassword_length = 4", "not from 8 to 64"),
        ("[identity]\noidc_client_secret = 7", "the value is not text"),
    ],
)
def test_settings_that_cannot_be_are_said_with_their_place(
    empty: Path, text: str, said: str
) -> None:
    settings = empty / "sluicegate.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + text, encoding="utf-8")
    ran = sluicegate("users", "list", "--node", empty)
    assert ran.code == 2
    assert said in ran.err


def test_the_providers_secret_is_masked(empty: Path) -> None:
    given = {"SLUICEGATE_OIDC_CLIENT_SECRET": "between-two"}
    ran = sluicegate("config", "show", empty, "--format", "json", **given)
    assert "between-two" not in ran.out
    shown = {one["name"]: one for one in ran.json}
    assert shown["oidc_client_secret"]["value"] == "***"
    assert shown["oidc_client_secret"]["source"] == "environment SLUICEGATE_OIDC_CLIENT_SECRET"


def test_a_demo_has_a_maker_a_checker_an_auditor_and_an_administrator(empty: Path) -> None:
    with opened(empty) as at_work:
        made = demo_accounts(at_work)
        identity = identities_of(at_work).by_tenant[at_work.node.settings.tenant]
        assert [(one.login, one.roles) for one in made] == [
            ("maker", ("analyst",)),
            ("checker", ("reviewer",)),
            ("auditor", ("auditor",)),
            ("admin", ("administrator",)),
        ]
        for one in made:
            stage = identity.sign_in(one.login, one.password).signed_in.stage
            assert stage is SessionStage.ENROL
            assert one.password not in repr(one)
        people = [at_work.store.accounts.by_login(one.login) for one in made]
        found = [one for one in people if one is not None]
        within = {one.login for one in found if "suspicion" in one.rights.sealed_groups}
        assert within == {"maker", "checker"}
        assert all("(invented)" in one.name for one in found)
