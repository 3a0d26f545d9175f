"""Signing in with a local account: what is asked for, what is refused, what is never told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from identity_world import COMMON, PASSWORD, World
from sluicegate.adapters.identity.proofs import Argon2Hashes
from sluicegate.core.phrases import Language
from sluicegate.services.identity import (
    Enrolled,
    PasswordRefusedError,
    SessionStage,
    SignInRefusedError,
    Started,
)
from sluicegate.services.identity.attempts import FREE, LONGEST_PAUSE
from sluicegate.services.identity.passwords import check_password
from sluicegate.services.setting_values import Totp

NEW = "eleven herons over the weir"


def enrolled(node: World) -> tuple[Enrolled, str]:
    """Add a person with a second factor; return the enrolment and the secret of the app."""
    node.ready()
    token = node.identity.sign_in("mira.okonwo", PASSWORD).token
    begun = node.identity.begin_enrolment(token, password=PASSWORD)
    done = node.identity.confirm_enrolment(token, node.code(begun.secret))
    node.clock.move(minutes=1)
    return done, begun.secret


def sign_in(node: World) -> Started:
    return node.identity.sign_in("mira.okonwo", PASSWORD)


def refusal(node: World, login: str, password: str) -> str:
    with pytest.raises(SignInRefusedError) as refused:
        node.identity.sign_in(login, password)
    return str(refused.value)


def test_a_first_sign_in_asks_for_a_new_password_and_then_for_a_second_factor(
    node: World,
) -> None:
    node.set(totp=Totp.REQUIRED)
    issued = node.add()
    first = node.identity.sign_in("mira.okonwo", issued.password)
    assert first.signed_in.stage is SessionStage.CHANGE_PASSWORD
    assert node.identity.principal(first.token) is None
    second = node.identity.change_password(first.token, NEW)
    assert second.signed_in.stage is SessionStage.ENROL
    begun = node.identity.begin_enrolment(second.token)
    assert "<svg" in begun.picture
    assert "style" not in begun.picture
    done = node.identity.confirm_enrolment(second.token, node.code(begun.secret))
    found = node.identity.principal(done.started.token)
    assert found is not None
    assert found.roles == {"analyst"}
    assert [node.identity.session(one.token) for one in (first, second)] == [None, None]


def test_a_session_that_is_half_way_has_no_rights(node: World) -> None:
    issued = node.add()
    half = node.identity.sign_in("mira.okonwo", issued.password).signed_in
    assert half.principal.roles == frozenset()
    assert half.principal.jurisdictions == frozenset()
    assert half.principal.sealed_groups == frozenset()


def test_a_login_has_no_case_and_no_password_is_the_other_persons(node: World) -> None:
    node.ready()
    node.ready("jonas.tedeschi")
    assert node.identity.sign_in("MIRA.Okonwo ", PASSWORD).signed_in.login == "mira.okonwo"


def test_who_does_not_exist_is_answered_like_a_wrong_password(node: World) -> None:
    account_id = node.ready()
    wrong = refusal(node, "mira.okonwo", "not the password")
    assert refusal(node, "nobody", "not the password") == wrong
    node.identity.disable(node.desk(), account_id)
    assert refusal(node, "mira.okonwo", PASSWORD) == wrong
    assert refusal(node, "mira.okonwo", "x" * 100_000) == wrong


class CountedHashes(Argon2Hashes):
    """Counts how often a hash was really computed."""

    def __init__(self, hasher: PasswordHasher) -> None:
        super().__init__(hasher)
        self.compared = 0

    def matches(self, hashed: str | None, password: str) -> bool:
        """Count, and compare."""
        self.compared += 1
        return super().matches(hashed, password)


def test_every_answer_costs_one_hash_whoever_is_named(node: World) -> None:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hashes = CountedHashes(quick)
    node.identity = type(node.identity)(replace(node.parts, hashes=hashes))
    account_id = node.ready()
    for login, password in [
        ("nobody", PASSWORD),
        ("mira.okonwo", "wrong"),
        ("mira.okonwo", PASSWORD),
    ]:
        before = hashes.compared
        try:
            node.identity.sign_in(login, password)
        except SignInRefusedError:
            assert password != PASSWORD or login == "nobody"
        assert hashes.compared == before + 1
    node.identity.disable(node.desk(), account_id)
    before = hashes.compared
    refusal(node, "mira.okonwo", PASSWORD)
    assert hashes.compared == before + 1


@pytest.mark.parametrize("login", ["mira.okonwo", "nobody"])
def test_after_some_attempts_nothing_is_listened_to_for_a_growing_while(
    node: World, login: str
) -> None:
    node.ready()
    refused = {refusal(node, login, f"guess {number}") for number in range(FREE)}
    assert {refusal(node, login, PASSWORD)} == refused
    node.clock.move(seconds=31)
    refusal(node, login, "one more guess")
    node.clock.move(seconds=31)
    refusal(node, login, PASSWORD)
    node.clock.move(seconds=31)
    if login == "mira.okonwo":
        assert sign_in(node).signed_in.is_complete
        assert node.store.accounts.attempts("none").failed == 0
    for number in range(30):
        refusal(node, login, f"guess {number}")
        node.clock.move(seconds=LONGEST_PAUSE.total_seconds() + 1)


def test_guesses_are_counted_before_they_are_looked_at(node: World) -> None:
    """Of guesses made at one moment no more are looked at than of guesses in a row."""
    looked_at: list[str] = []

    class Slow(Argon2Hashes):
        def matches(self, hashed: str | None, password: str) -> bool:
            if password == "guess" and len(looked_at) < 50:
                looked_at.append(password)
                with pytest.raises(SignInRefusedError):
                    node.identity.sign_in("mira.okonwo", "guess")
            return False

    node.ready()
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    node.identity = type(node.identity)(replace(node.parts, hashes=Slow(quick)))
    refusal(node, "mira.okonwo", "guess")
    attempts = [one for one in node.store.acts() if one.name == "account.attempts_paused"]
    assert len(attempts) == 1
    assert "mira" not in attempts[0].canonical.decode()


def test_a_pause_of_an_unknown_login_leaves_no_act(node: World) -> None:
    for number in range(FREE + 1):
        refusal(node, "nobody", f"guess {number}")
    assert node.acts() == []


def test_a_code_is_accepted_once(node: World) -> None:
    _, secret = enrolled(node)
    code = node.code(secret)
    assert sign_in(node).signed_in.stage is SessionStage.SECOND_FACTOR
    done = node.identity.second_factor(sign_in(node).token, f" {code[:3]} {code[3:]} ")
    assert done.signed_in.is_complete
    with pytest.raises(SignInRefusedError):
        node.identity.second_factor(sign_in(node).token, code)


@pytest.mark.parametrize(
    ("seconds", "is_accepted"), [(-60, False), (-30, True), (30, True), (61, False)]
)
def test_a_code_may_be_one_half_minute_off(node: World, seconds: int, is_accepted: bool) -> None:
    _, secret = enrolled(node)
    node.clock.move(minutes=5)
    token = sign_in(node).token
    here = node.clock.instant
    node.clock.instant = here + timedelta(seconds=seconds)
    code = node.code(secret)
    node.clock.instant = here
    if is_accepted:
        assert node.identity.second_factor(token, code).signed_in.is_complete
    else:
        with pytest.raises(SignInRefusedError):
            node.identity.second_factor(token, code)


def test_codes_cannot_be_guessed(node: World) -> None:
    _, secret = enrolled(node)
    token = sign_in(node).token
    for number in range(FREE):
        with pytest.raises(SignInRefusedError):
            node.identity.second_factor(token, f"{number:06}")
    with pytest.raises(SignInRefusedError):
        node.identity.second_factor(token, node.code(secret))


def test_a_recovery_code_stands_in_once_however_it_is_typed(node: World) -> None:
    done, _ = enrolled(node)
    code = done.recovery_codes[0].upper().replace("-", " ")
    assert node.identity.second_factor(sign_in(node).token, code).signed_in.is_complete
    with pytest.raises(SignInRefusedError):
        node.identity.second_factor(sign_in(node).token, code)
    assert node.identity.recovery_codes_left(done.started.signed_in) == 9
    assert "account.recovery_code_used" in node.acts()


def test_new_recovery_codes_end_the_old_ones(node: World) -> None:
    done, _ = enrolled(node)
    with pytest.raises(SignInRefusedError):
        node.identity.new_recovery(done.started.token, "wrong")
    fresh = node.identity.new_recovery(done.started.token, PASSWORD)
    with pytest.raises(SignInRefusedError):
        node.identity.second_factor(sign_in(node).token, done.recovery_codes[0])
    assert node.identity.second_factor(sign_in(node).token, fresh[0]).signed_in.is_complete


def test_a_second_factor_is_not_replaced_without_the_password(node: World) -> None:
    done, _ = enrolled(node)
    with pytest.raises(SignInRefusedError):
        node.identity.begin_enrolment(done.started.token)
    with pytest.raises(SignInRefusedError):
        node.identity.confirm_enrolment(done.started.token, "000000")


def test_the_secret_of_an_app_and_recovery_codes_are_not_in_the_store(node: World) -> None:
    done, secret = enrolled(node)
    with node.store.engine.connect() as connection:
        kept = str(
            [
                tuple(row)
                for name in ("accounts", "recovery_codes", "sessions", "acts")
                for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
            ]
        )
    for value in (secret, *done.recovery_codes, done.started.token, PASSWORD):
        assert value not in kept
    assert done.started.signed_in.csrf_secret not in kept


def test_a_sealed_second_factor_opens_for_no_other_account(node: World) -> None:
    enrolled(node)
    mira = node.store.accounts.by_login("mira.okonwo")
    assert mira is not None
    node.ready("jonas.tedeschi")
    jonas = node.store.accounts.by_login("jonas.tedeschi")
    assert jonas is not None
    node.store.accounts.save(replace(jonas, totp_secret=mira.totp_secret), "totp_secret")
    token = node.identity.sign_in("jonas.tedeschi", PASSWORD).token
    with pytest.raises(SignInRefusedError, match="cannot be read"):
        node.identity.second_factor(token, "123456")


def test_a_changed_password_ends_the_other_sessions(node: World) -> None:
    node.ready()
    other, here = sign_in(node), sign_in(node)
    with pytest.raises(SignInRefusedError):
        node.identity.change_password(here.token, NEW, old="wrong")
    changed = node.identity.change_password(here.token, NEW, old=PASSWORD)
    assert node.identity.session(changed.token) is not None
    assert [node.identity.session(one.token) for one in (other, here)] == [None, None]
    refusal(node, "mira.okonwo", PASSWORD)
    assert node.identity.sign_in("mira.okonwo", NEW).signed_in.is_complete


def test_the_old_password_is_no_new_one(node: World) -> None:
    node.ready()
    with pytest.raises(PasswordRefusedError, match="the old one"):
        node.identity.change_password(sign_in(node).token, PASSWORD, old=PASSWORD)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevensigns", "shorter than 12"),
        ("x" * 257, "longer than 256"),
        ("LetMeIn12345", "Many people"),
        ("aaaaaaaaaaaaaaaa", "Many people"),
        ("passwordpassword", "Many people"),
        ("ｌetmein12345", "Many people"),
        ("mira.okonwo!!", "contains the login"),
        ("MIRA.OKONWO-2026", "contains the login"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, problem: str) -> None:
    with pytest.raises(PasswordRefusedError, match=problem) as refused:
        check_password(password, login="mira.okonwo", least=12, common=COMMON)
    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "password", ["twelve signs", "全部都是汉字的密码也可以用呀", "a a a a b c d e"]
)
def test_no_kind_of_sign_is_demanded(password: str) -> None:
    check_password(password, login="mira.okonwo", least=12, common=COMMON)


def test_a_password_typed_in_wide_letters_is_the_same(node: World) -> None:
    node.ready()
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in PASSWORD)
    assert wide != PASSWORD
    assert node.identity.sign_in("mira.okonwo", wide).signed_in.is_complete


def test_a_hash_of_older_parameters_is_renewed_at_the_next_sign_in(node: World) -> None:
    node.ready()
    before = node.store.accounts.by_login("mira.okonwo")
    dated = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    node.identity = type(node.identity)(replace(node.parts, hashes=Argon2Hashes(dated)))
    assert sign_in(node).signed_in.is_complete
    after = node.store.accounts.by_login("mira.okonwo")
    assert before is not None
    assert after is not None
    assert before.password_hash != after.password_hash
    assert sign_in(node).signed_in.is_complete


def test_hashes_are_argon2id_with_the_memory_of_rfc_9106() -> None:
    hashed = Argon2Hashes().hashed(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_language_is_kept(node: World) -> None:
    node.ready()
    started = sign_in(node)
    node.identity.set_language(started.signed_in, Language.ZH)
    found = node.identity.session(started.token)
    assert found is not None
    assert found.language is Language.ZH
    with pytest.raises(SignInRefusedError) as refused:
        node.identity.sign_in("nobody", "x")
    assert "密码" in refused.value.sentence.text(Language.ZH)
