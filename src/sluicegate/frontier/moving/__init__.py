"""Thresholds that move: fixed, scheduled, and tied to progress, rank or developers."""

from sluicegate.frontier.moving.asking import WrongRuleError as WrongRuleError
from sluicegate.frontier.moving.evaluating import value_on as value_on
from sluicegate.frontier.moving.series import Series as Series
from sluicegate.frontier.moving.series import SeriesError as SeriesError
from sluicegate.frontier.moving.series import Step as Step
from sluicegate.frontier.moving.series import series as series
from sluicegate.frontier.moving.values import Known as Known
from sluicegate.frontier.moving.values import Moving as Moving
from sluicegate.frontier.moving.values import MovingValue as MovingValue
