"""Periods of duties that no question asks for, read from the texts a second time.

Each row gives the period as the text says it and, reckoned by hand, the day on
which it ends when it is counted from 31 January 2028.
"""

from __future__ import annotations

from datetime import date

import pytest

from sluicegate.core.calendars import Period
from sluicegate.rules.loading import shipped_book

BOOK = shipped_book()
START = date(2028, 1, 31)
READ = {
    "eu.ai_act.documents.retention": ("10 years", "2038-01-31"),
    "eu.ai_act.systemic_risk.reassessment_period": ("6 months", "2028-07-31"),
    "us.bank_rules.currency_report.period": ("15 days", "2028-02-15"),
    "us.bank_rules.records.general_period": ("5 years", "2033-01-31"),
    "us.data_center_veu.attestation.interval": ("1 year", "2029-01-31"),
    "us.data_center_veu.records.period": ("5 years", "2033-01-31"),
    "us.iaas_proposal.identification.furnish_period": ("10 days", "2028-02-10"),
    "us.iaas_proposal.special_measure.congress_period": ("10 days", "2028-02-10"),
    "us.iaas_proposal.training_report.follow_up_period": ("15 days", "2028-02-15"),
    "us.licence_exceptions.acm.accounting_interval": ("6 months", "2028-07-31"),
    "us.nprm_702.answers.period": ("30 days", "2028-03-01"),
    "us.nprm_702.clarification.period": ("7 days", "2028-02-07"),
    "us.nprm_702.resubmission.period": ("14 days", "2028-02-14"),
    "us_ca.sb53.framework.change_period": ("30 days", "2028-03-01"),
    "us_ca.sb53.framework.review_period": ("1 year", "2029-01-31"),
    "us_ca.sb53.internal_use.period": ("3 months", "2028-04-30"),
    "us_ny.raise_2026.disclosure.renewal_period": ("2 years", "2030-01-31"),
}


@pytest.mark.parametrize(("identifier", "read"), READ.items(), ids=READ)
def test_a_duty_has_the_period_of_its_text(identifier: str, read: tuple[str, str]) -> None:
    dated = BOOK.parameter(identifier).on(START)
    assert dated is not None
    assert isinstance(dated.value, Period)
    assert (str(dated.value), dated.value.after(START).isoformat()) == read


@pytest.mark.parametrize("identifier", READ)
def test_the_period_is_that_of_a_duty(identifier: str) -> None:
    assert identifier in {duty.period for duty in BOOK.obligations.values()}
