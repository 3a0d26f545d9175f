"""What is said of statements of ownership that are refused, as templates: problems, ways out.

The readers of BODS and FollowTheMoney write these texts in English, beside the
statements that they refuse; `services/kept_words.py` reads them back.
"""

from __future__ import annotations

PROBLEMS = (
    "is no text",
    "is no list",
    "is of the form of {version}",
    "is above the maximum",
    "is neither a JSON array nor JSON lines",
    "is neither a statement of BODS nor an entity of FollowTheMoney",
    "is not JSON: a comma is missing",
    "is not JSON: nested too deeply",
    "is not JSON: {why}",
    "is larger than {count} MiB",
    "breaks off before its end",
    "goes on after the end of its array",
    "cannot be opened ({why})",
    "does not agree with the bounds beside it",
    "has {count} characters",
    "holds no statement",
    "not JSON: {why}",
    "stands beside its exclusive form",
    "stands in a component itself",
    "{value} stands nowhere in the file",
    "{value} stands on line {count} already",
    "{value} is before startDate {start}",
    "{value} is neither a day nor an instant",
    "{value} is no code of BODS 0.4",
    "{value} is no date",
    "{value} is no day",
    "{value} is no text",
    "{value} is not a day that exists",
    "{value} is not from 0 to 100",
    "{value} is not {what}",
)
"""What is wrong with a statement or a file of statements."""

WAYS_OUT = (
    "convert the file to BODS 0.4 (recordId, recordType and recordDetails)",
    "correct the file",
    "divide the file",
    "every entity of BODS 0.4 has it",
    "every statement of BODS 0.4 has it",
    "get the file again, whole",
    "give a day as 2026-01-31",
    "give a file of BODS 0.4 or of FollowTheMoney, as JSON or JSON lines",
    "give a file that is there",
    "give a file with statements",
    "give a list",
    "give a percentage, e.g. 25",
    "give an entity as FollowTheMoney writes it",
    "give an id of {least} to {most} characters",
    "give an object",
    "give each statement an id of its own",
    "give e.g. 2026-01-31",
    "give exact alone",
    "give id, schema and properties",
    "give one object a statement",
    "give one of the two",
    "give statements as JSON",
    "give text",
    "give the file whole, as its maker wrote it",
    "give the statement of the party in the same file",
    "give YYYY, YYYY-MM or YYYY-MM-DD",
    "name components only where isComponent is false",
    "write the file as UTF-8",
)
"""What to do about it."""
