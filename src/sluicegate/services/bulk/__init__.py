"""One question for many subjects: a table of facts in, the answer of every row out.

`ask_rows` takes rows as `ask` takes facts; `answer_rows` takes columns. Every
answer and every refusal equals that of `ask` for the row. The work grows with
the paths that the rows take through the decision, not with the rows: a run of
the decision settles all rows that agree with every comparison it made.
"""

from sluicegate.services.bulk.answering import Asking, answer_rows
from sluicegate.services.bulk.answers import OUTCOME, Answers, Refused
from sluicegate.services.bulk.columns import NOT_GIVEN, Column, FactTable

__all__ = [
    "NOT_GIVEN",
    "OUTCOME",
    "Answers",
    "Asking",
    "Column",
    "FactTable",
    "Refused",
    "answer_rows",
]
