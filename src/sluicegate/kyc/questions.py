"""The questions of this room, each with the function that decides it."""

from __future__ import annotations

from sluicegate.kyc.compute import (
    decide_structuring,
    decide_theoretical_compute,
    decide_trigger,
)
from sluicegate.kyc.deadlines import (
    decide_certification_window,
    decide_record_retention,
    decide_reseller_termination,
    decide_sar_deadline,
    decide_special_measure,
    decide_training_report,
)
from sluicegate.kyc.full_identification import decide_full_identification
from sluicegate.kyc.identification import (
    decide_account_opening,
    decide_beneficial_owners,
    decide_customer_scope,
    decide_deterrence_exemption,
)
from sluicegate.kyc.listed_owners import decide_ownership, refuse_ownership
from sluicegate.kyc.listed_party import decide_listed_party
from sluicegate.kyc.pieces import decide_split_run
from sluicegate.kyc.profile import decide_high_risk, decide_risk_profile
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("iaas_customer_scope", decide_customer_scope),
    question("iaas_account_opening", decide_account_opening),
    question("beneficial_owners", decide_beneficial_owners),
    question("iaas_training_report", decide_training_report),
    question("iaas_deterrence_exemption", decide_deterrence_exemption),
    question("iaas_certification_window", decide_certification_window),
    question("record_retention", decide_record_retention),
    question("iaas_reseller_termination", decide_reseller_termination),
    question("iaas_special_measure", decide_special_measure),
    question("kyc_trigger", decide_trigger),
    question("kyc_full_identification", decide_full_identification),
    question("kyc_high_risk", decide_high_risk),
    question("kyc_risk_profile", decide_risk_profile),
    question("kyc_listed_party", decide_listed_party),
    question("structuring", decide_structuring),
    question("split_run", decide_split_run),
    question("theoretical_compute", decide_theoretical_compute),
    question("sar_deadline", decide_sar_deadline),
    question("ownership_50_percent", decide_ownership, refuse_ownership),
)
