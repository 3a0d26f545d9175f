"""Days of consultations and of the register as entries of a calendar."""

from __future__ import annotations

from datetime import date

from consultation_world import AFTER, CLOSES, OPENS, World
from principals import principal
from sluicegate.core.phrases import Language
from sluicegate.services.consultation import running
from sluicegate.services.consultation.due_days import due_days
from sluicegate.services.consultation.registering import set_review_period

LIMIT = "eu.ai_act.systemic_risk.training_compute"


def test_a_calendar_has_reviews_last_days_and_steps_that_are_ahead() -> None:
    world = World()
    set_review_period(world.desk(), world.book, LIMIT, 6, on=OPENS)
    one = world.opened()
    running.plan_milestone(world.desk(), one.consultation_id, "Final text", planned=AFTER)
    running.plan_milestone(
        world.desk(on=AFTER), one.consultation_id, "Hearing", planned=CLOSES, reached=CLOSES
    )
    found = due_days(world.desk("viewer"), world.book)
    assert [(each.uid.partition(".")[0], each.day) for each in found] == [
        ("comments", CLOSES),
        ("step0", AFTER),
        ("review", date(2026, 9, 9)),
    ]
    chinese = due_days(world.desk(), world.book, Language.ZH)
    assert chinese[0].summary == "意见截止日：哈罗湾大型训练运行阈值草案"
    assert found[2].link == f"/thresholds?text={LIMIT}"


def test_whom_consultations_are_closed_to_sees_no_day_of_them() -> None:
    world = World()
    world.opened()
    assert due_days(world.desk(principal("engineer")), world.book) == []
