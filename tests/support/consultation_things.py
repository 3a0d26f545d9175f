"""Consultations on a node at every stage, made when one is named."""

from __future__ import annotations

from datetime import timedelta

from sluicegate.frontier.consultation import Consultation, Outcome, Party
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import NewDraft, draft
from sluicegate.services.consultation.issuing import issue
from sluicegate.services.consultation.running import NewComment, NewPeriod
from sluicegate.services.consultation.writing import today
from sluicegate.services.desk import Desk
from sluicegate.wiring import OpenNode

NOTE = NewDraft(
    subject="guidance",
    title="Note on counting compute",
    title_zh="算力计算说明",
    text="Compute is counted from the first step.",
    explains=("eu.ai_act",),
)
LIMIT = NewDraft(
    subject="threshold",
    title="Threshold for large runs",
    title_zh="大型训练运行阈值",
    text="A run is large above it.",
    rule="local.tidewater",
    comparator="greater_than",
    value="1e26",
    is_binding="yes",
)


def drafted(desk: Desk, node: OpenNode, new: NewDraft = NOTE) -> str:
    """Return a draft."""
    return draft(desk, node.book, new).consultation_id


def opened(desk: Desk, node: OpenNode, new: NewDraft = NOTE) -> str:
    """Return one whose period runs, with one comment."""
    name = drafted(desk, node, new)
    running.open_period(desk, name, NewPeriod(today(desk), days=60))
    comment(desk, name)
    return name


def answered(desk: Desk, node: OpenNode, new: NewDraft = NOTE) -> str:
    """Return one whose period is over, with every comment answered."""
    name = drafted(desk, node, new)
    first = today(desk) - timedelta(days=40)
    running.open_period(desk, name, NewPeriod(first, days=30))
    comment(desk, name)
    running.reply(desk, name, "1", Outcome.DECLINED, "As intended.")
    return name


def closed(desk: Desk, node: OpenNode, new: NewDraft = NOTE) -> Consultation:
    """Return one that is closed."""
    return running.close(desk, answered(desk, node, new))


def issued(desk: Desk, second: Desk, node: OpenNode, new: NewDraft = LIMIT) -> str:
    """Return one that a second person issued."""
    return issue(second, closed(desk, node, new).consultation_id).consultation_id


def comment(
    desk: Desk, name: str, text: str = "Are pauses a part of it?", *, is_confidential: bool = False
) -> None:
    """Enter a comment."""
    party = Party.DEVELOPER
    said = NewComment("Example Labs", party, text, passage=1, is_confidential=is_confidential)
    running.add_comment(desk, name, said)
