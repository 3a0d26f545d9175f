"""A filing's course: drafted from a case, completed, proposed, checked, filed, corrected."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from case_samples import AT, DAY, finding, obligation
from empty_stores import empty_store
from filled_forms import filled
from principals import GROUP, principal
from sluicegate.adapters.store import SqlStore
from sluicegate.cases.case import Case, ClockState, DecisionKind, Outcome
from sluicegate.cases.commands import Check, Propose, TakeBack
from sluicegate.cases.docket import NotAllowedNowError
from sluicegate.cases.filings.entries import EntryError
from sluicegate.cases.filings.filing import Filing, FilingState, OriginKind
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.core.phrases import Language
from sluicegate.registry.records import PERSONAL_FIELDS
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import PrincipalKind
from sluicegate.services.casework.acting import act, bulk
from sluicegate.services.casework.after_pass import PassFound, apply_pass
from sluicegate.services.casework.case_ids import case_id_of
from sluicegate.services.casework.files import attach
from sluicegate.services.casework.filing import (
    FilingStateError,
    document,
    draft,
    filings_of,
    list_filings,
    missing,
    read_filing,
    set_values,
    versions_of,
    withdraw,
)
from sluicegate.services.casework.forms import obligation_id, offers, owed_in_sealed
from sluicegate.services.casework.proposing import IncompleteFilingError, propose_filing
from sluicegate.services.casework.reading import read_case
from sluicegate.services.casework.sealed import open_sealed
from sluicegate.services.casework.writing import found
from sluicegate.services.desk import Desk
from sluicegate.services.ports.casework import CaseChangedError
from sluicegate.services.ports.filings import FilingChangedError
from sluicegate.services.ports.identity import Account, AccountSource, Rights
from sluicegate.wiring.access import authority_of

RUN = "c-1/r-1"
EU = case_id_of(DEFAULT_TENANT, f"run:{RUN}", "EU")
US = case_id_of(DEFAULT_TENANT, "customer:c-1", "US")
NOTIFY = "eu.ai_act.notify_commission"
CUSTOMER = {
    "source": "crm",
    "customer_id": "c-1",
    "name": "Harrow Basin Models",
    "customer_kind": "entity",
    "country": "NO",
    "email": "desk@harrow-basin.example",
}
OWNERSHIP = {
    "source": "registry",
    "owner_id": "p-1",
    "owned_id": "c-1",
    "owner_name": "Ilse Varga",
    "owner_kind": "individual",
    "owner_country": "HU",
    "share": "0.4",
}


def found_run(name: str, rule: str, **given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "subject": f"run:{RUN}",
        "subject_kind": "run",
        "subject_id": RUN,
        "rule": rule,
        "instrument": "eu.ai_act",
        "question": "eu_systemic_risk",
        "reasons": [f"{name} is the reason."],
        "trace": {"children": [{"label": "on accelerator", "name": "H100"}]},
        "estimate": {
            "low": "3" + "0" * 25,
            "central": "4" + "0" * 25,
            "high": "5" + "0" * 25,
            "method": "telemetry",
            "convention": "hardware_flop",
        },
    }
    return finding(name, **{**values, **given})


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """Return a store with a run that must be notified, and a customer under two texts."""
    with empty_store(FixedClock(AT)) as opened:
        opened.put("customers", [CUSTOMER], at=AT, by="crm")
        opened.put("ownership", [OWNERSHIP], at=AT, by="crm")
        run = {"source": "crm", "run_id": "r-1", "customer_id": "c-1", "model_id": "Fjord 2"}
        opened.put("runs", [run], at=AT, by="crm")
        findings = [
            found_run("f-0", "eu.gpai_guidelines.indicative", crossing={"central": "2025-01-01"}),
            found_run("f-1", "eu.ai_act.systemic_risk"),
            finding("f-2", instrument="us.iaas_proposal", rule="us.iaas_proposal.x"),
        ]
        owed = obligation("f-1", id=obligation_id("f-1", NOTIFY), duty="Notify", due="2026-06-16")
        told = PassFound(DEFAULT_TENANT, DAY, findings, [owed], {"f-0", "f-1", "f-2"})
        opened.record_pass(findings, [], at=AT, by="local:op", obligations=[owed])
        apply_pass(opened, told, shipped_book(), at=AT, by="local:op")
        yield opened


def desk(store: SqlStore, role: str = "reviewer", **given: Any) -> Desk:
    days = given.pop("days", 0)
    who = principal(role, identifier=given.pop("who", f"user:{role}"), **given)
    return Desk(who, store, authority_of(), FixedClock(AT + timedelta(days=days)))


def complete(store: SqlStore, case_id: str = EU, form: str = "notification") -> Filing:
    filing = draft(desk(store), case_id, form)
    values = {name: one for name, one in filled(filing.form).items() if name != "documents"}
    return set_values(desk(store), filing.filing_id, {**values, "is_rebutted": False})


def filed(store: SqlStore) -> Filing:
    filing = complete(store)
    case = propose_filing(desk(store), filing.filing_id, "it passed")
    proposal = case.proposals[0].proposal_id
    act(desk(store, "officer", days=1), EU, Check(proposal, True))
    return read_filing(desk(store), filing.filing_id)


def case_at(store: SqlStore, case_id: str = EU) -> Case:
    return found(desk(store), case_id)


def test_the_case_offers_the_form_that_meets_what_is_owed(store: SqlStore) -> None:
    (offer,) = offers(case_at(store))
    assert (offer.form.id, offer.duty) == ("notification", NOTIFY)
    assert (offer.obligation, str(offer.due)) == (obligation_id("f-1", NOTIFY), "2026-06-16")
    assert [one.form.id for one in offers(case_at(store, US))] == [
        "certification",
        "training_report",
    ]


def test_a_draft_is_filled_in_and_says_from_where(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    assert filing.values["provider"] == {
        "name": "Harrow Basin Models",
        "country": "NO",
        "email": "desk@harrow-basin.example",
    }
    assert filing.values["model"] == "Fjord 2"
    assert filing.values["compute"] == "4" + "0" * 25
    kinds = {name: one.kind for name, one in filing.origins.items()}
    assert kinds["provider"] is OriginKind.CUSTOMER
    assert kinds["contact"] is OriginKind.PERSON
    assert str(filing.origins["model"].sentence) == "from the declaration of run r-1"
    assert filing.recipient.en == "European Commission"
    assert set(filing.values) == set(filing.origins)


def test_day_and_evidence_come_from_the_rule_of_the_form_alone(store: SqlStore) -> None:
    """The finding of another text crossed a lower threshold a year before."""
    filing = draft(desk(store), EU, "notification")
    assert filing.values["known_on"] == "2026-06-02"
    assert filing.values["evidence"] == "f-1 is the reason."
    assert filing.origins["known_on"].id == "f-1"


def test_owners_are_filled_in_as_entries(store: SqlStore) -> None:
    filing = draft(desk(store), US, "training_report")
    (owner,) = filing.values["owners"]
    assert owner == {
        "party": {"name": "Ilse Varga", "identifier": "p-1", "country": "HU"},
        "control": False,
        "share": "40 %",
    }
    assert "transaction_on" in {fault.path for fault in missing(filing)}


def test_what_a_person_enters_is_no_longer_said_to_be_filled_in(store: SqlStore) -> None:
    first = draft(desk(store), EU, "notification")
    after = set_values(desk(store), first.filing_id, {"model": "Fjord 3", "compute": None})
    assert after.values["model"] == "Fjord 3"
    assert "compute" not in after.values
    assert {"model", "compute"}.isdisjoint(after.origins)
    assert "provider" in after.origins
    assert (after.version, after.digest == first.digest) == (2, False)


def test_what_is_malformed_is_kept_as_typed_and_named(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    after = set_values(desk(store), filing.filing_id, {"known_on": "12 March"})
    assert after.values["known_on"] == "12 March"
    fault = next(one for one in missing(after) if one.path == "known_on")
    assert "“12 March” is not a day." in str(fault.problem)
    assert document(after, Language.EN).as_json()["values"].get("known_on") is None


def test_values_that_change_nothing_write_no_version(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    same = set_values(desk(store), filing.filing_id, {"model": "Fjord 2"})
    assert same.version == 1
    assert "model" in same.origins


def test_an_unknown_field_is_refused_whole(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    with pytest.raises(EntryError, match="shoe"):
        set_values(desk(store), filing.filing_id, {"model": "Fjord 3", "shoe": "42"})
    assert read_filing(desk(store), filing.filing_id).version == 1


def test_of_two_who_read_the_same_version_one_is_told(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    set_values(desk(store), filing.filing_id, {"model": "Fjord 3"}, 1)
    with pytest.raises(FilingChangedError):
        set_values(desk(store, "officer"), filing.filing_id, {"model": "Fjord 4"}, 1)


def test_a_file_of_the_case_is_kept_with_its_digest_and_no_other(store: SqlStore) -> None:
    case = attach(desk(store), EU, "log.txt", "text/plain", b"one line")
    filing = draft(desk(store), EU, "notification")
    (file,) = case.attachments
    after = set_values(desk(store), filing.filing_id, {"documents": file.attachment_id})
    kept = {"attachment": file.attachment_id, "name": "log.txt", "sha256": file.sha256}
    assert after.values["documents"] == kept
    forged = {"documents": {"attachment": "a-0", "name": "x", "sha256": "a" * 64}}
    other = set_values(desk(store), filing.filing_id, forged)
    assert "documents" in {fault.path for fault in missing(other)}


def test_an_incomplete_draft_is_not_proposed_by_any_way(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    with pytest.raises(IncompleteFilingError, match="The provider is established in the Union"):
        propose_filing(desk(store), filing.filing_id, "it passed")
    command = Propose(DecisionKind.FILE, "it passed", filing=filing.filing_id)
    with pytest.raises(NotAllowedNowError, match="not complete"):
        act(desk(store), EU, command)
    assert case_at(store).proposals == ()
    assert read_filing(desk(store), filing.filing_id).state is FilingState.DRAFT


def test_a_filing_is_filed_when_a_second_person_has_checked_it(store: SqlStore) -> None:
    proposed = complete(store)
    case = propose_filing(desk(store), proposed.filing_id, "it passed")
    waiting = read_filing(desk(store), proposed.filing_id)
    assert (waiting.state, waiting.proposed_by) == (FilingState.PROPOSED, "user:reviewer")
    with pytest.raises(FilingStateError):
        set_values(desk(store), proposed.filing_id, {"model": "late"})
    proposal = case.proposals[0].proposal_id
    with pytest.raises((RefusedError, NotAllowedNowError)):
        act(desk(store), EU, Check(proposal, True))
    act(desk(store, "officer", days=1), EU, Check(proposal, True))
    done = read_filing(desk(store), proposed.filing_id)
    assert (done.state, done.filed_by) == (FilingState.FILED, "user:reviewer")
    assert done.checked_by == "user:officer"
    assert done.filed_at == AT + timedelta(days=1)
    assert done.digest == waiting.digest
    assert case_at(store).filings == (proposed.filing_id,)


def test_of_two_who_approve_at_the_same_moment_one_is_told_that_the_case_changed(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes on PostgreSQL read the same version; the later one cannot write its own."""
    filing = complete(store)
    proposal = propose_filing(desk(store), filing.filing_id, "it passed").proposals[0].proposal_id

    def stands_already(*_given: object) -> None:
        raise FilingChangedError(filing.filing_id, 3)

    with monkeypatch.context() as patch:
        patch.setattr(type(store.filings), "add", stands_already)
        with pytest.raises(CaseChangedError):
            act(desk(store, "officer"), EU, Check(proposal, True))
        told = bulk(desk(store, "officer"), [EU], Check(proposal, True))
    assert "Someone else changed" in str(told.refused[0].reason)
    act(desk(store, "officer"), EU, Check(proposal, True))


def test_whoever_entered_what_stands_in_a_filing_does_not_check_it(store: SqlStore) -> None:
    filing = complete(store)
    set_values(desk(store, "officer"), filing.filing_id, {"model": "Fjord 3"})
    proposal = propose_filing(desk(store), filing.filing_id, "it passed").proposals[0].proposal_id
    with pytest.raises(NotAllowedNowError, match="You entered something"):
        act(desk(store, "officer"), EU, Check(proposal, True))
    ability = read_case(desk(store, "officer"), EU).ability("check")
    assert (ability.is_allowed, len(ability.reasons)) == (False, 1)
    act(desk(store), EU, Propose(DecisionKind.CONFIRM, "seen"))
    assert read_case(desk(store, "officer"), EU).ability("check").is_allowed
    act(desk(store, "officer"), EU, Check(proposal, False, "typed once more"))
    set_values(desk(store), filing.filing_id, {"model": "Fjord 3b"})
    proposal = propose_filing(desk(store), filing.filing_id, "it passed").proposals[-1].proposal_id
    act(desk(store, "officer"), EU, Check(proposal, True))
    assert read_filing(desk(store), filing.filing_id).checked_by == "user:officer"


def test_a_login_at_the_command_line_is_the_person_of_that_account(store: SqlStore) -> None:
    filing = complete(store)
    rights = Rights(frozenset({"officer"}))
    for name in ("o-1", "o-2"):
        login = {"o-1": "Ines.Corbeau", "o-2": "nils.abara"}[name]
        account = Account(name, DEFAULT_TENANT, login, login, None, AccountSource.LOCAL, rights, AT)
        store.accounts.add(account)
    shell = principal((), kind=PrincipalKind.OPERATOR, identifier="local:ines.corbeau")
    at_the_shell = Desk(shell, store, authority_of(), FixedClock(AT))
    case = propose_filing(at_the_shell, filing.filing_id, "it passed")
    proposal = case.proposals[0].proposal_id
    with pytest.raises(NotAllowedNowError, match="at the command line"):
        act(desk(store, "officer", who="user:o-1"), EU, Check(proposal, True))
    act(desk(store, "officer", who="user:o-2"), EU, Check(proposal, True))
    assert read_filing(desk(store), filing.filing_id).state is FilingState.FILED


def test_what_is_filed_meets_the_clock_of_what_was_owed(store: SqlStore) -> None:
    filing = filed(store)
    states = {one.obligation: one.state for one in case_at(store).clocks}
    assert states[filing.obligation] is ClockState.MET
    act(desk(store), EU, Propose(DecisionKind.CONFIRM, "seen"))
    second = case_at(store).proposals[0].proposal_id
    act(desk(store, "officer"), EU, Check(second, True))
    act(desk(store), EU, Propose(DecisionKind.CLOSE, "done"))
    assert case_at(store).outcome is Outcome.FILED


@pytest.mark.parametrize("how", ["rejected", "taken back"])
def test_a_proposal_that_is_not_checked_makes_it_a_draft_again(store: SqlStore, how: str) -> None:
    filing = complete(store)
    proposal = propose_filing(desk(store), filing.filing_id, "it passed").proposals[0].proposal_id
    if how == "rejected":
        act(desk(store, "officer"), EU, Check(proposal, False, "the day is wrong"))
    else:
        act(desk(store), EU, TakeBack(proposal, "the day is wrong"))
    again = read_filing(desk(store), filing.filing_id)
    assert (again.state, again.reason) == (FilingState.DRAFT, "the day is wrong")
    assert again.proposed_by is None
    set_values(desk(store), filing.filing_id, {"known_on": "2026-06-03"})
    assert len(propose_filing(desk(store), filing.filing_id, "corrected").proposals) == 1


def test_a_filing_of_another_case_is_not_filed_in_this_one(store: SqlStore) -> None:
    filing = complete(store)
    command = Propose(DecisionKind.FILE, "it passed", filing=filing.filing_id)
    with pytest.raises(NotAllowedNowError, match="has no filing"):
        act(desk(store), US, command)


def test_a_correction_begins_with_what_was_filed_and_names_it(store: SqlStore) -> None:
    old = filed(store)
    with pytest.raises(FilingStateError):
        set_values(desk(store), old.filing_id, {"model": "other"})
    new = draft(desk(store), EU, "notification", corrects=old.filing_id)
    assert (new.corrects, new.values, new.origins) == (old.filing_id, old.values, {})
    assert (new.obligation, new.duty) == (old.obligation, old.duty)
    assert ("Corrects filing", old.filing_id) in document(new, Language.EN).facts
    with pytest.raises(FilingStateError):
        draft(desk(store), EU, "notification", corrects=new.filing_id)


def test_a_draft_is_withdrawn_with_a_reason(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    with pytest.raises(FilingStateError, match="reason"):
        withdraw(desk(store), filing.filing_id, "  ")
    gone = withdraw(desk(store), filing.filing_id, "wrong run")
    assert (gone.state, gone.reason) == (FilingState.WITHDRAWN, "wrong run")
    with pytest.raises(FilingStateError):
        set_values(desk(store), filing.filing_id, {"model": "x"})
    assert document(gone, Language.EN).banner == "Withdrawn: wrong run"


def test_what_was_filed_is_withdrawn_by_a_second_person_alone(store: SqlStore) -> None:
    filing = filed(store)
    for nobody in ("reviewer", "analyst"):
        with pytest.raises(RefusedError):
            withdraw(desk(store, nobody), filing.filing_id, "a mistake")
    gone = withdraw(desk(store, "officer", days=2), filing.filing_id, "a mistake")
    assert (gone.state, gone.digest) == (FilingState.WITHDRAWN, filing.digest)


def test_the_next_filing_of_a_form_takes_over_what_it_may(store: SqlStore) -> None:
    filing = draft(desk(store), US, "certification")
    set_values(desk(store), filing.filing_id, {"filer": "Mavoret Compute Ltd"})
    after = draft(desk(store), US, "certification")
    assert after.values["filer"] == "Mavoret Compute Ltd"
    assert after.origins["filer"].kind is OriginKind.PREVIOUS
    assert after.origins["filer"].id == filing.filing_id


def test_every_version_and_who_read_it_is_kept(store: SqlStore) -> None:
    filing = filed(store)
    states = [one.state.value for one in versions_of(desk(store), filing.filing_id)]
    assert states == ["draft", "draft", "proposed", "filed"]
    names = [one.name for one in store.acts()]
    for name in ("filing_drafted", "filing_changed", "filing_proposed", "filing_filed", "read"):
        assert name in names


def test_acts_of_filings_hold_ids_and_digests_and_nobody(store: SqlStore) -> None:
    filing = filed(store)
    for one in store.acts():
        said = one.canonical.decode()
        if not one.name.startswith("filing"):
            continue
        assert filing.filing_id in said
        for text in ("Harrow", "Mavoret", "example", "Ilse"):
            assert text not in said
        assert PERSONAL_FIELDS.isdisjoint(json.loads(said)["record"])


def test_who_may_only_look_drafts_nothing(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    auditor = desk(store, "auditor")
    assert read_filing(auditor, filing.filing_id).filing_id == filing.filing_id
    tries: tuple[Callable[[], object], ...] = (
        lambda: draft(auditor, EU, "notification"),
        lambda: set_values(auditor, filing.filing_id, {"model": "x"}),
        lambda: withdraw(auditor, filing.filing_id, "x"),
    )
    for refused in tries:
        with pytest.raises(RefusedError):
            refused()
    with pytest.raises(RefusedError):
        read_filing(desk(store, "engineer"), filing.filing_id)


def test_a_filing_outside_the_jurisdictions_is_not_there(store: SqlStore) -> None:
    filing = draft(desk(store), EU, "notification")
    american = desk(store, jurisdictions=["US"])
    with pytest.raises(NotFoundError) as outside:
        read_filing(american, filing.filing_id)
    with pytest.raises(NotFoundError) as nothing:
        read_filing(american, "g-" + "0" * 16)
    assert type(outside.value) is type(nothing.value)
    assert list_filings(american) == ()


def test_what_an_ordinary_case_owes_in_a_sealed_file_is_named(store: SqlStore) -> None:
    case = case_at(store, EU)
    assert owed_in_sealed(case) == ()
    owed = obligation_id(case.alerts[0].alert_id, "assess.kyc.report_high_risk_match")
    owing = replace(case, clocks=(replace(case.clocks[0], obligation=owed),))
    assert [one.id for one in owed_in_sealed(owing)] == ["suspicious_activity"]
    assert "suspicious_activity" not in [one.form.id for one in offers(owing)]
    assert owed_in_sealed(replace(owing, sealed_for=GROUP)) == ()


def test_a_report_of_suspicion_stands_in_a_sealed_case_only(store: SqlStore) -> None:
    with pytest.raises(FilingStateError, match="sealed"):
        draft(desk(store), US, "suspicious_activity")
    insider = desk(store, "officer", sealed=[GROUP])
    case = open_sealed(insider, US, GROUP, "split purchases")
    assert offers(case)[0].form.id == "suspicious_activity"
    filing = draft(insider, case.case_id, "suspicious_activity")
    assert filing.sealed_for == GROUP
    outsider = desk(store, "officer", who="user:other")
    tries: tuple[Callable[[], object], ...] = (
        lambda: read_filing(outsider, filing.filing_id),
        lambda: filings_of(outsider, case.case_id),
        lambda: set_values(outsider, filing.filing_id, {"who": "x"}),
        lambda: withdraw(outsider, filing.filing_id, "x"),
        lambda: propose_filing(outsider, filing.filing_id, "x"),
        lambda: draft(outsider, case.case_id, "suspicious_activity"),
    )
    for hidden in tries:
        with pytest.raises(NotFoundError):
            hidden()
    assert list_filings(outsider) == ()
    assert [one.filing_id for one in list_filings(insider)] == [filing.filing_id]
    sealed = [one for one in store.acts() if filing.filing_id in one.canonical.decode()]
    assert sealed
    assert {one.sealed_for for one in sealed} == {GROUP}


def test_an_offer_never_tells_of_the_sealed_form_elsewhere(store: SqlStore) -> None:
    for case_id in (EU, US):
        assert not any(one.form.is_sealed for one in offers(case_at(store, case_id)))
