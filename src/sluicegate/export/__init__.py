"""Export control: what a chip is, where it may go, and what the text and the agency ask."""

from sluicegate.export.allocation import decide_country_allocation
from sluicegate.export.chips import (
    decide_classify_chip,
    decide_classify_hbm,
    refuse_classify_chip,
)
from sluicegate.export.classes import decide_destination_class, decide_diffusion_rule_status
from sluicegate.export.exceptions import (
    decide_acm_exception,
    decide_aia_exception_chips,
    decide_aia_exception_weights,
    decide_lpp_exception,
    decide_nac_aca_exception,
)
from sluicegate.export.licences import decide_licence_required
from sluicegate.export.review import decide_licence_review
from sluicegate.export.veu import (
    decide_nveu_headroom,
    decide_uveu_shares,
    decide_veu_eligibility,
    decide_veu_fine_tuning,
    refuse_nveu_headroom,
    refuse_uveu_shares,
)
from sluicegate.export.veu_dates import (
    decide_veu_incident_report_due,
    decide_veu_notice_due,
    decide_veu_report_due,
)
from sluicegate.export.weights import decide_weights_4e091, refuse_weights_4e091
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("destination_class", decide_destination_class),
    question("diffusion_rule_status", decide_diffusion_rule_status),
    question("classify_chip", decide_classify_chip, refuse_classify_chip),
    question("classify_hbm", decide_classify_hbm),
    question("licence_required", decide_licence_required),
    question("licence_review", decide_licence_review),
    question("country_allocation", decide_country_allocation),
    question("aia_exception_chips", decide_aia_exception_chips),
    question("aia_exception_weights", decide_aia_exception_weights),
    question("lpp_exception", decide_lpp_exception),
    question("nac_aca_exception", decide_nac_aca_exception),
    question("acm_exception", decide_acm_exception),
    question("veu_eligibility", decide_veu_eligibility),
    question("uveu_shares", decide_uveu_shares, refuse_uveu_shares),
    question("nveu_headroom", decide_nveu_headroom, refuse_nveu_headroom),
    question("veu_report_due", decide_veu_report_due),
    question("veu_notice_due", decide_veu_notice_due),
    question("veu_incident_report_due", decide_veu_incident_report_due),
    question("veu_fine_tuning", decide_veu_fine_tuning),
    question("weights_4e091", decide_weights_4e091, refuse_weights_4e091),
)
