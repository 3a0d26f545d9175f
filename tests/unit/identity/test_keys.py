"""Key files: made once, readable by their owner only, kept until the last token has ended."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity_world import NOW, HandClock
from sluicegate.adapters.identity.secret_box import NodeSecretBox
from sluicegate.adapters.identity.token_keys import NodeTokenKeys
from sluicegate.services.ports.identity import SecretError, UnsoundTokenError

CLAIMS = {"sub": "someone"}


def test_key_files_are_for_their_owner_only(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    NodeSecretBox(keys).seal("a secret", "here")
    NodeTokenKeys(keys).sign(CLAIMS, at=NOW)
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    found = sorted(keys.iterdir())
    assert [one.name for one in found] == ["identity.key", "tokens.json"]
    assert {stat.S_IMODE(one.stat().st_mode) for one in found} == {0o600}


@given(st.text(max_size=200), st.text(max_size=50), st.text(max_size=50))
def test_a_sealed_secret_opens_in_its_own_context_only(
    tmp_path_factory: pytest.TempPathFactory, text: str, context: str, other: str
) -> None:
    box = NodeSecretBox(tmp_path_factory.getbasetemp() / "box")
    try:
        sealed = box.seal(text, context)
    except UnicodeEncodeError:
        return
    assert box.open(sealed, context) == text
    if other != context:
        with pytest.raises((SecretError, UnicodeEncodeError)):
            box.open(sealed, other)


def test_a_changed_secret_does_not_open(tmp_path: Path) -> None:
    box = NodeSecretBox(tmp_path)
    sealed = box.seal("a secret", "here")
    assert sealed != box.seal("a secret", "here")
    changed = sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:]
    for text in (changed, sealed[2:], "", "1.", "1.é", "2." + sealed[2:]):
        with pytest.raises(SecretError):
            box.open(text, "here")
    with pytest.raises(SecretError, match=r"identity\.key"):
        NodeSecretBox(tmp_path / "another").open(sealed, "here")


def test_two_that_make_a_key_at_once_have_the_same(tmp_path: Path) -> None:
    boxes = [NodeSecretBox(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda box: box.seal("a secret", "here"), boxes))
    assert {boxes[0].open(one, "here") for one in sealed} == {"a secret"}
    assert [one.name for one in tmp_path.iterdir()] == ["identity.key"]


def test_an_older_key_verifies_until_its_last_token_has_ended(tmp_path: Path) -> None:
    clock = HandClock()
    keys = NodeTokenKeys(tmp_path)
    old = keys.sign(CLAIMS, at=clock.now())
    fresh = keys.rotate(at=clock.now())
    assert keys.public()[0]["kid"] == fresh
    assert NodeTokenKeys(tmp_path).verified(old, at=clock.now()).claims == CLAIMS
    clock.move(minutes=65)
    assert keys.verified(old, at=clock.now()).claims == CLAIMS
    clock.move(seconds=1)
    with pytest.raises(UnsoundTokenError):
        keys.verified(old, at=clock.now())
    keys.rotate(at=clock.now())
    kept = json.loads((tmp_path / "tokens.json").read_text(encoding="utf-8"))["keys"]
    assert len(kept) == 2


def test_the_signing_key_is_changed_after_ninety_days(tmp_path: Path) -> None:
    clock = HandClock()
    keys = NodeTokenKeys(tmp_path)
    keys.sign(CLAIMS, at=clock.now())
    first = keys.public()[0]["kid"]
    clock.move(days=90)
    keys.sign(CLAIMS, at=clock.now())
    assert keys.public()[0]["kid"] == first
    clock.move(seconds=1)
    token = keys.sign(CLAIMS, at=clock.now())
    assert keys.public()[0]["kid"] != first
    assert keys.verified(token, at=clock.now()).claims == CLAIMS


def test_another_process_sees_a_new_key(tmp_path: Path) -> None:
    one, two = NodeTokenKeys(tmp_path), NodeTokenKeys(tmp_path)
    one.sign(CLAIMS, at=NOW)
    two.sign(CLAIMS, at=NOW)
    one.rotate(at=NOW)
    assert two.verified(one.sign(CLAIMS, at=NOW), at=NOW).claims == CLAIMS
    assert all("d" not in key for key in one.public())
