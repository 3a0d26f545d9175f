"""Oversight: the register of runs and the pause on new ones."""

from sluicegate.oversight.pause import decide_kthf_pause, refuse_kthf_pause
from sluicegate.oversight.registration import decide_kthf_registration, refuse_kthf_registration
from sluicegate.rules.questions import Question, question

QUESTIONS: tuple[Question, ...] = (
    question("kthf_registration", decide_kthf_registration, refuse_kthf_registration),
    question("kthf_pause", decide_kthf_pause, refuse_kthf_pause),
)
