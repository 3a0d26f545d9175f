"""Permits: which hardware computes only with permission, and what telemetry and location prove."""

from sluicegate.permits.bills import decide_bill_status, decide_chip_security_act_timeline
from sluicegate.permits.clusters import (
    decide_accelerator_equivalents,
    decide_linked_cluster_rate,
    refuse_linked_cluster_rate,
)
from sluicegate.permits.detection import (
    decide_detection_probability,
    decide_detection_sample_size,
    refuse_detection_sample_size,
)
from sluicegate.permits.governor import decide_governor_requirement
from sluicegate.permits.location import decide_location_bound, decide_location_verification
from sluicegate.permits.permit import decide_permit_state, refuse_permit_state
from sluicegate.permits.telemetry import (
    decide_custodian_reconciliation,
    decide_telemetry_chain,
)
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("governor_requirement", decide_governor_requirement),
    question("location_bound", decide_location_bound),
    question("location_verification", decide_location_verification),
    question("detection_probability", decide_detection_probability),
    question("detection_sample_size", decide_detection_sample_size, refuse_detection_sample_size),
    question("permit_state", decide_permit_state, refuse_permit_state),
    question("telemetry_chain", decide_telemetry_chain),
    question("custodian_reconciliation", decide_custodian_reconciliation),
    question("accelerator_equivalents", decide_accelerator_equivalents),
    question("linked_cluster_rate", decide_linked_cluster_rate, refuse_linked_cluster_rate),
    question("bill_status", decide_bill_status),
    question("chip_security_act_timeline", decide_chip_security_act_timeline),
)
