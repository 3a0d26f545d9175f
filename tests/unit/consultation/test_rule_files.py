"""The rule file of an issued threshold: accepted by the checks, dated, and asked like any rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from consultation_world import AFTER, CLOSES, ISSUED, LIMIT, NOTE, OPENS, STARTS, World
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Severity, TextState
from sluicegate.rules.loading import gather, read_book, shipped_book
from sluicegate.services.asking import ask_question
from sluicegate.services.checking import check_rules
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import draft
from sluicegate.services.consultation.issuing import issue, withdraw
from sluicegate.services.consultation.rule_files import rule_file
from sluicegate.services.consultation.running import NewPeriod
from sluicegate.services.consultation.writing import ConsultationError

RULE = "local.harrow_basin"
NEXT = date(2027, 1, 1)


def book_of(world: World, name: str) -> RuleBook:
    made = rule_file(world.desk("viewer"), name)
    assert made.name == "harrow_basin.yaml"
    checked = check_rules(gather([(made.name, made.text)], base=shipped_book(), local=True))
    told = [one for one in checked.faults if "review_period" in one.path]
    assert [one for one in checked.faults if one.severity is Severity.MISTAKE] + told == []
    return read_book([(made.name, made.text)], base=shipped_book(), local=True)


def test_an_issued_threshold_becomes_a_rule_that_can_be_asked() -> None:
    world = World()
    name = world.issued().consultation_id
    book = book_of(world, name)
    limit = book.parameter(f"{RULE}.limit")
    assert limit.on(STARTS) is not None
    assert limit.on(date(2026, 6, 30)) is None
    dated = limit.values[0]
    assert (dated.value, dated.known_from) == (10**26, ISSUED)
    assert dated.reference == f"Consultation {name}, version 1"
    for flop, passed in ((10**26, False), (10**26 + 1, True)):
        facts = {"training_compute": str(flop), "passed_on": STARTS.isoformat()}
        answer = ask_question(f"{RULE}.run", facts, as_of=STARTS, book=book).answer
        assert (answer["passed"], answer["as_enforced"]) == (passed, passed)
    before = book.status(RULE, ISSUED)
    assert before is not None
    assert before.text is TextState.PUBLISHED


def test_a_threshold_that_does_not_bind_is_guidance() -> None:
    world = World()
    name = world.issued(is_binding="no", applies_to="", measure="").consultation_id
    status = book_of(world, name).status(RULE, STARTS)
    assert status is not None
    assert status.enforcement.value == "not_binding"


def test_a_newer_value_stands_beside_the_one_it_takes_the_place_of() -> None:
    world = World()
    older = world.issued()
    newer = draft(
        world.desk(),
        world.book,
        replace(LIMIT, value="3e26", starts=NEXT.isoformat()),
        supersedes=older.consultation_id,
    )
    running.open_period(world.desk(), newer.consultation_id, NewPeriod(OPENS, CLOSES))
    running.close(world.desk(on=AFTER), newer.consultation_id)
    issue(world.desk("officer", STARTS), newer.consultation_id)
    limit = book_of(world, newer.consultation_id).parameter(f"{RULE}.limit")
    values = [(one.start, one.value, one.known_from) for one in limit.values]
    assert values == [(STARTS, 10**26, ISSUED), (NEXT, 3 * 10**26, STARTS)]


def test_a_withdrawn_threshold_is_revoked_from_the_day_after() -> None:
    world = World()
    one = world.issued()
    withdraw(world.desk("officer", date(2026, 9, 1)), one.consultation_id, "overtaken")
    book = book_of(world, one.consultation_id)
    texts = []
    for day in (date(2026, 9, 1), date(2026, 9, 2)):
        status = book.status(RULE, day)
        assert status is not None
        texts.append(status.text)
    assert texts == [TextState.IN_FORCE, TextState.REVOKED]


def test_words_of_people_stay_words_in_the_file() -> None:
    world = World()
    odd = 'Limit: "large" {runs} # [not] a comment: - & *x'
    name = world.issued(title=odd, issuer="Office: of 'Harrow'").consultation_id
    home = book_of(world, name).instrument(RULE)
    assert (home.title.en, home.issuer.en) == (odd, "Office: of 'Harrow'")


def test_only_an_issued_threshold_gives_a_rule() -> None:
    world = World()
    with pytest.raises(ConsultationError, match="nothing was issued"):
        rule_file(world.desk(), world.closed().consultation_id)
    with pytest.raises(ConsultationError, match="guidance"):
        rule_file(world.desk(), world.issued(NOTE).consultation_id)


def test_an_id_that_another_rule_has_is_refused() -> None:
    world = World()
    taken = rule_file(world.desk(), world.issued().consultation_id)
    world.book = read_book([(taken.name, taken.text)], base=shipped_book(), local=True)
    with pytest.raises(ConsultationError, match=r"is taken by harrow_basin\.yaml"):
        world.drafted()
