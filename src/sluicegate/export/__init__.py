"""Export control: what a chip is, where it may go, and what the text and the agency ask."""

from sluicegate.export.allocation import decide_country_allocation
from sluicegate.export.chips import (
    decide_classify_chip,
    decide_classify_hbm,
    refuse_classify_chip,
)
from sluicegate.export.classes import decide_destination_class, decide_diffusion_rule_status
from sluicegate.export.licences import decide_licence_required
from sluicegate.export.review import decide_licence_review
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("destination_class", decide_destination_class),
    question("diffusion_rule_status", decide_diffusion_rule_status),
    question("classify_chip", decide_classify_chip, refuse_classify_chip),
    question("classify_hbm", decide_classify_hbm),
    question("licence_required", decide_licence_required),
    question("licence_review", decide_licence_review),
    question("country_allocation", decide_country_allocation),
)
