"""Every fixed text of the page that outsiders read of a consultation."""

from __future__ import annotations

from collections.abc import Mapping

from sluicegate.core.reasons import Sentence, say

WORDS: Mapping[str, Sentence] = {
    "threshold": say("Consultation on a threshold"),
    "guidance": say("Consultation on a guidance note"),
    "id": say("Number"),
    "stage": say("Stage"),
    "period": say("Period for comments, both days included"),
    "extended": say("Ended on before it was extended"),
    "closed_on": say("Closed on"),
    "issued_on": say("Issued on"),
    "first_day": say("Applies from"),
    "ended_on": say("Ended on"),
    "why_ended": say("Reason of its end"),
    "supersedes": say("Takes the place of"),
    "superseded_by": say("Its place was taken by"),
    "confidential": say("Confidential comments, which are not shown"),
    "digest": say("SHA-256"),
    "check": say(
        "The digest of a version is the SHA-256 of its JSON with keys title, text, starts, terms, "
        "explains and version, in the canonical form of RFC 8785. The same document as JSON has "
        "the digest below; whoever has it can make all of them again."
    ),
    "version": say("Version"),
    "drafts": say("Drafts"),
    "change": say("What changed"),
    "led_by": say("Comments that led to it"),
    "led_by_confidential": say("Confidential comments that led to it"),
    "written_at": say("Written at"),
    "terms": say("What the threshold says"),
    "explains": say("What the note explains"),
    "rule": say("Rule"),
    "comparator": say("Comparison"),
    "value": say("Value"),
    "binding": say("Binding"),
    "yes": say("yes"),
    "no": say("no"),
    "changes": say("Changes from version to version"),
    "passage": say("Passage"),
    "whole": say("the whole draft"),
    "before": say("Before"),
    "after": say("After"),
    "removed": say("Taken out"),
    "added": say("Added"),
    "field": say("Field"),
    "comments": say("Comments and replies"),
    "from": say("From"),
    "received": say("Received on"),
    "late": say("late"),
    "comment": say("Comment"),
    "reply": say("Reply"),
    "no_reply": say("No reply yet."),
    "no_comments": say("No comment is shown."),
    "roadmap": say("Roadmap"),
    "step": say("Step"),
    "planned": say("Planned for"),
    "reached": say("Reached on"),
    "documents": say("Documents"),
    "no_change": say("Comments that were accepted and are named by no version"),
}
"""Name in the template → the text."""


def between(earlier: int, later: int) -> Sentence:
    """Return the heading of what differs between two versions."""
    return say("From version {earlier} to version {later}", earlier=earlier, later=later)
