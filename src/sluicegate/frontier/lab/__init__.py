"""The policy lab: whom a threshold would have caught, burdened and missed."""

from sluicegate.frontier.lab.assumptions import Assumptions, assumptions_of
from sluicegate.frontier.lab.options import Option, fixed, moving_option
from sluicegate.frontier.lab.results import LabResult, OptionResult, YearResult
from sluicegate.frontier.lab.trying import Asked, try_options

__all__ = [
    "Asked",
    "Assumptions",
    "LabResult",
    "Option",
    "OptionResult",
    "YearResult",
    "assumptions_of",
    "fixed",
    "moving_option",
    "try_options",
]
