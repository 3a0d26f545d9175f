"""Guidance notes in findings: cited from their first day, as known, and nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from consultation_world import CLOSES, ISSUED, NOTE, OPENS, World
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.frontier.guidance import GuidanceNote
from sluicegate.rules.instruments import Title
from sluicegate.services.asking import ask_question
from sluicegate.services.assess import Scope, assess
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import draft
from sluicegate.services.consultation.issuing import issue, withdraw
from sluicegate.services.consultation.notes import notes_of
from sluicegate.services.consultation.running import NewPeriod
from sluicegate.services.detectors import DETECTORS
from sluicegate.services.findings import Finding
from small_worlds import AS_OF, BOOK, Small, between, limit_of, run

SYSTEMIC = "eu.ai_act.systemic_risk"
LIMIT = "eu.ai_act.systemic_risk.training_compute"
NOTES = (
    GuidanceNote(
        "cn-1", 2, Title("On counting", "计算说明"), (LIMIT,), date(2026, 6, 1), date(2026, 5, 1)
    ),
)


def findings(
    notes: tuple[GuidanceNote, ...], as_of: date = AS_OF, known_on: date | None = None
) -> tuple[Finding, ...]:
    flop = 3 * int(limit_of(LIMIT))
    small = Small(runs=[run("r-1", between(flop, flop, flop))])
    return assess(
        small.world(as_of),
        BOOK,
        tenant=DEFAULT_TENANT,
        previous={},
        known_on=known_on,
        scope=Scope(detectors={"run_thresholds": DETECTORS["run_thresholds"]}),
        notes=notes,
    ).findings


def cited(found: tuple[Finding, ...]) -> set[str]:
    return {
        one.rule
        for one in found
        if any(place["text"].startswith("Guidance: ") for place in one.citations)
    }


def test_a_note_is_cited_by_the_findings_that_rest_on_what_it_explains() -> None:
    found = findings(NOTES)
    resting = {one.rule for one in found if LIMIT in {used["id"] for used in one.parameters}}
    assert cited(found) == resting
    assert SYSTEMIC in resting < {one.rule for one in found}
    (one,) = (each for each in found if each.rule == SYSTEMIC)
    assert one.citations[-1] == {
        "text": "Guidance: On counting (cn-1, version 2, issued 2026-05-01)",
        "mark": "found",
    }


@pytest.mark.parametrize(
    "explains",
    [LIMIT, SYSTEMIC, "eu.ai_act", "eu_systemic_risk"],
    ids=["parameter", "rule", "text", "question"],
)
def test_a_note_may_name_a_parameter_a_rule_a_text_or_a_question(explains: str) -> None:
    assert SYSTEMIC in cited(findings((replace(NOTES[0], explains=(explains,)),)))


def test_a_note_about_something_else_is_not_cited() -> None:
    assert cited(findings((replace(NOTES[0], explains=("eu.ai_act_2", "korea")),))) == set()


@pytest.mark.parametrize(
    ("as_of", "known_on", "is_cited"),
    [
        (date(2026, 5, 31), None, False),
        (date(2026, 6, 1), None, True),
        (date(2026, 6, 30), date(2026, 4, 30), False),
        (date(2026, 6, 30), date(2026, 5, 1), True),
        (date(2026, 7, 10), None, False),
        (date(2026, 7, 10), date(2026, 7, 4), True),
    ],
)
def test_a_note_counts_from_its_first_day_to_its_end_as_known(
    as_of: date, known_on: date | None, is_cited: bool
) -> None:
    note = replace(NOTES[0], until=date(2026, 7, 10), end_known_on=date(2026, 7, 5))
    assert (SYSTEMIC in cited(findings((note,), as_of, known_on))) is is_cited


def test_a_note_adds_a_citation_and_changes_nothing_else() -> None:
    """`ask` still gives every finding from its facts, as only its citations are more."""
    plain, noted = findings(()), findings(NOTES)
    assert [replace(one, citations=()) for one in noted] == [
        replace(one, citations=()) for one in plain
    ]
    assert [one.id for one in noted] == [one.id for one in plain]
    for before, after in zip(plain, noted, strict=True):
        assert after.citations[: len(before.citations)] == before.citations
        asked = ask_question(
            after.question, after.facts, as_of=after.as_of, book=BOOK, readings=after.readings
        )
        assert asked.answer_json() == after.answer


def test_what_was_issued_is_what_findings_cite() -> None:
    world = World()
    one = world.issued(NOTE)
    (note,) = notes_of(world.store)
    assert (note.consultation, note.first_day, note.until) == (one.consultation_id, ISSUED, None)
    assert notes_of(world.store, known_on=world.desk(on=OPENS).now()) == ()
    newer = draft(
        world.desk(),
        world.book,
        replace(NOTE, text="Compute counts from the second step.", starts="2026-08-01"),
        supersedes=one.consultation_id,
    )
    running.open_period(world.desk(), newer.consultation_id, NewPeriod(OPENS, CLOSES))
    running.close(world.desk(on=CLOSES + timedelta(days=1)), newer.consultation_id)
    issue(world.desk("officer", date(2026, 7, 1)), newer.consultation_id)
    for day, standing in (
        (date(2026, 7, 31), [one.consultation_id]),
        (date(2026, 8, 1), [newer.consultation_id]),
    ):
        stand = [each.consultation for each in notes_of(world.store) if each.stands(day)]
        assert stand == standing
    withdraw(world.desk("officer", date(2026, 9, 1)), newer.consultation_id, "overtaken")
    days = [date(2026, 9, 1), date(2026, 9, 2)]
    assert [notes_of(world.store)[1].stands(day) for day in days] == [True, False]
