"""Cases through passes and acts: opened, changed, worked, sealed, attached to, taken out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from case_samples import AT, DAY, finding, obligation
from empty_stores import empty_store
from principals import GROUP, AllowAll, principal
from sluicegate.adapters.store import SqlStore
from sluicegate.cases.case import ClockState, DecisionKind, Judgement, Outcome, State
from sluicegate.cases.commands import Assign, Check, Comment, Link, Propose, Snooze
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filters import Filter, FilterError
from sluicegate.core.canonical import digest
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Scope
from sluicegate.services.casework.acting import act, bulk
from sluicegate.services.casework.after_pass import AfterPass, PassFound, apply_pass
from sluicegate.services.casework.case_ids import case_id_of
from sluicegate.services.casework.exporting import export_case, export_csv, export_rows
from sluicegate.services.casework.files import attach, attachment, erase_attachment, safe_name
from sluicegate.services.casework.found_again import Effect
from sluicegate.services.casework.opening import NewCase, NewCaseError, open_case
from sluicegate.services.casework.owed import template_of
from sluicegate.services.casework.queue import counts, next_case, queue, save_view, views
from sluicegate.services.casework.reading import read_case
from sluicegate.services.casework.resting import wake_rested
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.desk import Desk
from sluicegate.services.paging import CursorError
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.wiring.access import authority_of

US = case_id_of(DEFAULT_TENANT, "customer:c-1", "US")
EU = case_id_of(DEFAULT_TENANT, "customer:c-1", "EU")
EVERYTHING = Scope(DEFAULT_TENANT)


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with empty_store(FixedClock(AT)) as opened:
        yield opened


def passed(
    store: SqlStore,
    findings: list[dict[str, Any]],
    *,
    owed: list[dict[str, Any]] | None = None,
    touched: set[str] | None = None,
    days: int = 0,
) -> AfterPass:
    """Apply a pass that found these; every one says something new unless told."""
    new = {one["id"] for one in findings} if touched is None else touched
    found = PassFound(DEFAULT_TENANT, DAY, findings, owed or [], new)
    return apply_pass(store, found, shipped_book(), at=AT + timedelta(days=days), by="local:op")


def desk(store: SqlStore, role: str = "reviewer", days: int = 0, **given: Any) -> Desk:
    who = principal(role, identifier=given.pop("who", f"user:{role}"), **given)
    clock = FixedClock(AT + timedelta(days=days))
    return Desk(who, store, authority_of(), clock)


def at_rest(store: SqlStore, case_id: str = US) -> Any:
    case = store.cases.find(case_id, EVERYTHING)
    assert case is not None
    return case


def cleared(store: SqlStore) -> None:
    """Let two people clear all there is in the case, and close it."""
    first, second = desk(store), desk(store, "officer")
    case = act(first, US, Propose(DecisionKind.CLEAR, "a test"))
    act(second, US, Check(case.proposals[0].proposal_id, True))
    act(first, US, Propose(DecisionKind.CLOSE, "done"))


def test_a_pass_opens_one_case_for_a_subject_and_a_jurisdiction(store: SqlStore) -> None:
    findings = [finding(), finding("f-2"), finding("f-3", instrument="eu.ai_act")]
    assert passed(store, findings, owed=[obligation()]).count(Effect.OPENED) == 2
    case = at_rest(store)
    assert [one.alert_id for one in case.alerts] == ["f-1", "f-2"]
    assert [one.duty for one in case.clocks] == ["Decide the case", "Notify"]
    assert [one.alert_id for one in at_rest(store, EU).alerts] == ["f-3"]


def test_a_pass_over_the_same_findings_changes_nothing(store: SqlStore) -> None:
    findings = [finding(), finding("f-2")]
    passed(store, findings, owed=[obligation()])
    acts = len(list(store.acts()))
    assert passed(store, findings, owed=[obligation()]) == AfterPass()
    assert passed(store, findings, owed=[obligation()], touched=set()) == AfterPass()
    assert (at_rest(store).version, len(list(store.acts()))) == (1, acts)


def test_a_store_that_had_no_cases_gets_them_though_no_finding_changed(store: SqlStore) -> None:
    assert passed(store, [finding()], touched=set()).count(Effect.OPENED) == 1


def test_a_judgement_stands_until_the_finding_says_something_else(store: SqlStore) -> None:
    passed(store, [finding(certainty="likely")])
    act(desk(store), US, Propose(DecisionKind.CLEAR, "a test"))
    passed(store, [finding(certainty="likely", subject_name="Harrow Basin")])
    case = at_rest(store)
    assert (case.alerts[0].judgement, case.subject_name) == (Judgement.CLEARED, "Harrow Basin")
    passed(store, [finding(certainty="certain")])
    assert at_rest(store).alerts[0].judgement is Judgement.NONE


def test_a_closed_case_is_opened_again_by_what_is_new(store: SqlStore) -> None:
    passed(store, [finding()])
    cleared(store)
    assert at_rest(store).outcome is Outcome.CLEARED
    after = passed(store, [finding(), finding("f-2")], days=2)
    assert after.count(Effect.REOPENED) == 1
    case = at_rest(store)
    assert (case.state, case.outcome) == (State.OPEN, None)
    assert case.due == DAY + timedelta(days=2 + 5)


def test_what_is_no_longer_found_is_marked_and_an_untouched_case_closes(store: SqlStore) -> None:
    passed(store, [finding(), finding("f-3", instrument="eu.ai_act")], owed=[obligation()])
    act(desk(store), US, Comment("looking"))
    after = passed(store, [])
    assert (after.count(Effect.CLOSED), after.count(Effect.CHANGED)) == (1, 1)
    assert at_rest(store, EU).outcome is Outcome.NO_LONGER_FOUND
    case = at_rest(store)
    assert case.state is State.OPEN
    assert case.alerts[0].is_gone
    assert case.clocks[1].state is ClockState.WITHDRAWN
    passed(store, [finding()], owed=[obligation()])
    again = at_rest(store)
    assert (again.alerts[0].is_gone, again.clocks[1].state) == (False, ClockState.RUNNING)


def test_a_proposal_about_what_has_changed_can_no_longer_be_approved(store: SqlStore) -> None:
    passed(store, [finding()])
    case = act(desk(store), US, Propose(DecisionKind.CLEAR, "a test"))
    passed(store, [finding(certainty="possible")])
    assert at_rest(store).proposals == ()
    check = Check(case.proposals[0].proposal_id, True)
    with pytest.raises(NotAllowedNowError, match="No such proposal"):
        act(desk(store, "officer"), US, check)


def test_a_resting_case_wakes_when_its_day_comes_and_when_its_findings_change(
    store: SqlStore,
) -> None:
    passed(store, [finding()])
    act(desk(store), US, Snooze(DAY + timedelta(days=9), "holiday"))
    assert wake_rested(store, shipped_book(), at=AT + timedelta(days=8), by="local:op") == 0
    assert wake_rested(store, shipped_book(), at=AT + timedelta(days=9), by="local:op") == 1
    act(desk(store), US, Snooze(DAY + timedelta(days=20), "holiday"))
    assert passed(store, [finding(), finding("f-2")]).count(Effect.WOKEN) == 1
    assert at_rest(store).state is State.OPEN


def test_a_case_that_changes_as_it_wakes_waits_for_the_next_look(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed(store, [finding()])
    act(desk(store), US, Snooze(DAY + timedelta(days=9), "holiday"))
    acts = len(list(store.acts()))
    later: Any = {"at": AT + timedelta(days=9), "by": "local:op"}

    def changed(_changes: Any) -> None:
        raise CaseChangedError(US, 2, 3)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(store.cases, "write", changed)
        assert wake_rested(store, shipped_book(), **later) == 0
    assert len(list(store.acts())) == acts
    assert wake_rested(store, shipped_book(), **later) == 1


def test_the_duty_of_an_obligation_is_recognised_by_its_id(store: SqlStore) -> None:
    book = shipped_book()
    duty = next(one for one in book.obligations.values() if one.period is not None)
    name = "o-" + digest(["f-1", duty.id])[:16]
    made = obligation(id=name, duty=duty.duty.en, reference=duty.reference)
    assert template_of(made, book) == duty
    assert template_of({**made, "id": "o-0"}, book) is None
    passed(store, [finding()], owed=[{**made, "due": None}])
    assert at_rest(store).clocks[1].period == duty.period


def test_the_policies_decide_who_may_do_what(store: SqlStore) -> None:
    passed(store, [finding()])
    with pytest.raises(RefusedError):
        act(desk(store, "auditor"), US, Assign("user:ada"))
    with pytest.raises(RefusedError):
        act(desk(store, "analyst"), US, Check("p-0", True))
    with pytest.raises(RefusedError):
        queue(desk(store, "engineer"), Filter())
    with pytest.raises(NotFoundError):
        act(desk(store, jurisdictions=["EU"]), US, Assign("user:ada"))


def test_a_maker_is_refused_by_the_policies_and_by_the_case(store: SqlStore) -> None:
    passed(store, [finding()])
    case = act(desk(store), US, Propose(DecisionKind.CONFIRM, "seen"))
    check = Check(case.proposals[0].proposal_id, True)
    with pytest.raises(RefusedError, match="another person"):
        act(desk(store), US, check)
    permissive = Desk(principal("reviewer"), store, AllowAll(), FixedClock(AT))
    with pytest.raises(NotAllowedNowError, match="another person"):
        act(permissive, US, check)
    assert act(desk(store, "officer"), US, check).state is State.OPEN


def test_an_act_needs_the_version_that_was_read(store: SqlStore) -> None:
    passed(store, [finding()])
    act(desk(store), US, Comment("first"), expected_version=1)
    with pytest.raises(CaseChangedError, match="version 2, expected 1"):
        act(desk(store), US, Comment("second"), expected_version=1)


def test_what_people_say_is_not_in_the_log(store: SqlStore) -> None:
    passed(store, [finding()])
    act(desk(store), US, Comment("Ms Quill of Harrow telephoned"))
    read_case(desk(store), US)
    log = b"".join(one.canonical for one in store.acts())
    assert b"Quill" not in log
    assert b"Harrow" not in log
    names = [one.name for one in store.acts()]
    assert names == ["cases_after_pass", "case_comment", "read"]


def test_an_act_on_many_does_each_whole_or_not_at_all(store: SqlStore) -> None:
    passed(store, [finding(), finding("f-3", instrument="eu.ai_act")])
    snooze = Snooze(DAY + timedelta(days=4), "")
    result = bulk(desk(store), [US, EU, US, "c-none"], snooze, "holiday")
    assert result.done == (US, EU)
    assert [one.case_id for one in result.refused] == ["c-none"]
    assert bulk(desk(store), [US], snooze).refused[0].reason.text().startswith("A reason")


def test_many_say_which_of_them_wait_for_a_second_person(store: SqlStore) -> None:
    passed(store, [finding(), finding("f-3", instrument="eu.ai_act")])
    confirm = Propose(DecisionKind.CONFIRM, "")
    result = bulk(desk(store), [US, EU], confirm, "the meter says so")
    assert result.done == result.proposed == (US, EU)
    assert bulk(desk(store), [US, EU], Comment("seen")).proposed == ()
    assert [one.case_id for one in bulk(desk(store), [US], confirm, "again").refused] == [US]


def test_reading_says_what_may_be_done_and_why_not(store: SqlStore) -> None:
    passed(store, [finding()], owed=[obligation()])
    file = read_case(desk(store, "analyst"), US)
    assert file.ability("comment").is_allowed
    close = file.ability("close")
    assert not close.is_allowed
    assert "neither confirmed nor cleared" in str(close.reasons[0])
    assert file.ability("confirm").second is not None
    assert not file.ability("override_due").is_allowed
    assert [one.kind.value for one in file.timeline] == ["opened"]
    viewer = [one.name for one in read_case(desk(store, "auditor"), US).abilities if one.is_allowed]
    assert viewer == []


def test_the_queue_is_paged_and_a_cursor_serves_its_own_filter_only(store: SqlStore) -> None:
    many = [finding(f"f-{n}", subject=f"customer:c-{n}", subject_id=f"c-{n}") for n in range(7)]
    passed(store, many)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = queue(desk(store), Filter(), cursor, 3)
        seen += [row.case_id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == counts(desk(store), Filter()).total == 7
    assert next_case(desk(store), Filter()) == seen[0]
    assert next_case(desk(store), Filter(), seen[2]) == seen[3]
    assert next_case(desk(store), Filter(), seen[-1]) is None
    first = queue(desk(store), Filter(), None, 3).next_cursor
    with pytest.raises(CursorError, match="another filter"):
        queue(desk(store), Filter(assignee="me"), first, 3)


def test_a_view_is_kept_by_name(store: SqlStore) -> None:
    save_view(desk(store), " my  cases ", {"assignee": "me"})
    assert [(one.name, dict(one.query)) for one in views(desk(store))] == [
        ("my cases", {"assignee": "me"})
    ]
    assert views(desk(store, "officer")) == ()
    with pytest.raises(FilterError, match="name"):
        save_view(desk(store), " ", {})
    with pytest.raises(FilterError, match="colour"):
        save_view(desk(store), "x", {"colour": "red"})


def test_a_sealed_file_changes_nothing_for_anyone_outside_its_group(store: SqlStore) -> None:
    passed(store, [finding()])
    outside, inside = desk(store), desk(store, "officer", sealed=[GROUP])

    def seen() -> tuple[Any, ...]:
        file = read_case(outside, US)
        page = queue(outside, Filter(has_all_states=True))
        total = counts(outside, Filter(has_all_states=True))
        return file.case, file.timeline, file.related, file.abilities, page, total

    before = seen()
    sealed = open_sealed(inside, US, GROUP, "structuring")
    assert seen() == before
    assert (sealed.links, sealed.sealed_for) == ((US,), GROUP)
    assert len(sealed.case_id) == len(US)
    for attempt in (read_case, export_case):
        with pytest.raises(NotFoundError) as unseen:
            attempt(outside, sealed.case_id)
        with pytest.raises(NotFoundError) as absent:
            attempt(outside, "c-0000000000000000")
        assert str(unseen.value).replace(sealed.case_id, "") == str(absent.value).replace(
            "c-0000000000000000", ""
        )
    assert {row.case_id for row in read_case(inside, US).related} == {sealed.case_id}
    about = [one for one in store.acts() if sealed.case_id.encode() in one.canonical]
    assert about
    assert {one.sealed_for for one in about} == {GROUP}
    with pytest.raises(NotAllowedNowError, match="from its own side"):
        act(inside, US, Link(sealed.case_id))
    with pytest.raises(NotFoundError):
        act(outside, US, Link(sealed.case_id))


def test_a_sealed_file_that_wakes_is_counted_in_no_act_of_a_pass(store: SqlStore) -> None:
    passed(store, [finding()])
    inside = desk(store, "officer", sealed=[GROUP])
    sealed = open_sealed(inside, US, GROUP, "structuring")
    for case_id in (US, sealed.case_id):
        act(inside, case_id, Snooze(DAY + timedelta(days=4), "holiday"))
    assert passed(store, [finding()], touched=set(), days=4).cases == {Effect.WOKEN: (US,)}
    told = [one for one in store.acts() if one.name == "cases_after_pass"][-1]
    assert json.loads(told.canonical)["record"]["woken"] == 1


def test_only_a_member_opens_a_sealed_file_for_a_group(store: SqlStore) -> None:
    about = SealedAbout("customer", "c-1", "Harrow Basin", "c-1", "US")
    with pytest.raises(NotFoundError):
        open_sealed(desk(store), about, GROUP, "why")
    with pytest.raises(NewCaseError, match="reason"):
        open_sealed(desk(store, "officer", sealed=[GROUP]), about, GROUP, " ")


def test_a_file_is_attached_read_and_erased(store: SqlStore) -> None:
    passed(store, [finding()])
    case = attach(desk(store), US, "../../etc/pass\nwd", "TEXT/html; x", b"hello")
    [file] = case.attachments
    assert (file.name, file.media_type, file.size_bytes) == (
        "passwd",
        "application/octet-stream",
        5,
    )
    assert attachment(desk(store), US, file.attachment_id).content == b"hello"
    with pytest.raises(RefusedError):
        erase_attachment(desk(store), US, file.attachment_id, "asked to")
    after = erase_attachment(desk(store, "officer"), US, file.attachment_id, "asked to")
    assert after.attachments == case.attachments
    with pytest.raises(NotFoundError):
        attachment(desk(store), US, file.attachment_id)


def test_a_file_above_the_limit_is_refused_whole(store: SqlStore) -> None:
    passed(store, [finding()])
    with pytest.raises(NotAllowedNowError, match="attach a smaller one"):
        attach(desk(store), US, "big", "text/plain", b"x" * (25 * 2**20 + 1))
    assert at_rest(store).version == 1


@pytest.mark.parametrize("name", ["", "..", "a/b/..", "CON:", "\u202efdp.exe", "x" * 400, "/", "."])
def test_every_name_of_a_file_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert 1 <= len(safe) <= 120
    assert not set(safe) & set('/\\:*?"<>|\n\u202e')
    assert safe.strip(". ") == safe


def test_a_case_is_opened_by_hand(store: SqlStore) -> None:
    case = open_case(desk(store), NewCase("Odd invoices", "a call", jurisdiction="US"))
    assert (case.state, case.jurisdiction) == (State.NEW, "US")
    assert read_case(desk(store), case.case_id).case == case
    with pytest.raises(NewCaseError, match="title"):
        open_case(desk(store), NewCase(" ", "a call"))
    with pytest.raises(NotFoundError):
        open_case(desk(store, jurisdictions=["EU"]), NewCase("x", "y", jurisdiction="US"))


def test_an_export_is_the_view_as_it_stands_and_runs_no_formula(store: SqlStore) -> None:
    names = ["=cmd|x", "+1+1", "-1+1", "@x", "\tx", "\rx", "Harrow, Basin"]
    many = [
        finding(f"f-{n}", subject=f"customer:c-{n}", subject_id=f"c-{n}", subject_name=name)
        for n, name in enumerate(names)
    ]
    passed(store, many)
    officer = desk(store, "officer")
    rows = list(export_rows(officer, Filter()))
    assert [row["case_id"] for row in rows] == [
        row.case_id for row in queue(officer, Filter()).rows
    ]
    text = "".join(export_csv(officer, Filter()))
    for name in names[:4]:
        assert f"'{name}" in text
        assert f",{name}" not in text
    assert any(one.name == "read" and one.reason == "case:export" for one in store.acts())


def test_a_case_is_exported_with_a_digest_that_anyone_can_make_again(store: SqlStore) -> None:
    passed(store, [finding()], owed=[obligation()])
    store.record_pass([finding()], [], at=AT, by="local:op", obligations=[obligation()])
    first = export_case(desk(store, "officer"), US)
    again = export_case(desk(store, "reviewer"), US)
    assert first == again
    assert first.digest == digest(first.document)
    written = json.loads(json.dumps(first.document, default=str))
    assert written["case"]["case_id"] == US
    assert [one["id"] for one in written["findings"]] == ["f-1"]
    act(desk(store), US, Comment("more"))
    assert export_case(desk(store, "officer"), US).digest != first.digest
