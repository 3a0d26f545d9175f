"""Export control: what a chip is, where it may go, and what the text and the agency ask."""

from sluicegate.export.classes import decide_destination_class, decide_diffusion_rule_status
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("destination_class", decide_destination_class),
    question("diffusion_rule_status", decide_diffusion_rule_status),
)
