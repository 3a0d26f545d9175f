"""Estimates of single runs from what is stated about them (`sluicegate meter estimate`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sluicegate.core.calendars import parse_day
from sluicegate.core.estimates import Convention, Method
from sluicegate.core.quantities import Exact, parse_decimal, whole
from sluicegate.metering.priors import FULL_BP, Priors, RateOn
from sluicegate.registry.catalogue import Catalogue

COLUMNS = (
    "id",
    "accelerator",
    "accelerator_hours",
    "accelerator_count",
    "started",
    "kind",
    "parameters",
    "active_parameters",
    "tokens",
)
"""Columns of the file; `id` and either hours or parameters and tokens are needed."""

_MS_PER_HOUR = 3_600_000
_INFERENCE = frozenset({"inference", "deployment", "serving"})
_TRAINING_FLOP_PER_PARAMETER_TOKEN = 6
_INFERENCE_FLOP_PER_PARAMETER_TOKEN = 2
_SPREAD = 2
"""6·N·D leaves out attention, embeddings, restarts and repeated passes: half to twice of it."""


@dataclass(frozen=True, slots=True)
class RowEstimate:
    """An estimate of one row, in FLOP.

    `ceiling` is None where no accelerator time bounds it. `note` says what was
    assumed, e.g. that the accelerator is unknown and only bounded.
    """

    id: str
    low: Exact
    central: Exact
    high: Exact
    ceiling: Exact | None
    method: Method
    convention: Convention
    note: str = ""


def parameters_tokens_flop(parameters: Exact, tokens: Exact, kind: str | None = None) -> Exact:
    """Return 6·N·D for training, 2·N·D for inference.

    Of a mixture of experts, N is the parameters active for a token.

    >>> parameters_tokens_flop(70 * 10**9, 15 * 10**12) == 63 * 10**23
    True
    """
    is_inference = (kind or "").strip().lower() in _INFERENCE
    factor = (
        _INFERENCE_FLOP_PER_PARAMETER_TOKEN if is_inference else _TRAINING_FLOP_PER_PARAMETER_TOKEN
    )
    return whole(Fraction(factor) * parameters * tokens)


def estimate_row(
    row: Mapping[str, str | None], catalogue: Catalogue, rates: RateOn, priors: Priors
) -> RowEstimate:
    """Estimate the compute of one row of text; exact.

    With `accelerator_hours` (device-hours of all accelerators together) the
    answer is peak × time × prior, in operations of the hardware; without, it is
    6·N·D (2·N·D for inference), in operations of the model, from half to twice.

    Raises:
        ValueError: a figure cannot be read, or there is too little to go by.
    """
    name = (row.get("id") or "").strip()
    hours = _figure(row, "accelerator_hours")
    if hours is not None:
        return _by_hardware(name, row, hours, catalogue, rates, priors)
    parameters = _figure(row, "active_parameters")
    if parameters is None:
        parameters = _figure(row, "parameters")
    tokens = _figure(row, "tokens")
    if parameters is None or tokens is None:
        raise ValueError(
            f"row {name}: there is nothing to estimate from; "
            "give accelerator and accelerator_hours, or parameters and tokens"
        )
    amount = parameters_tokens_flop(parameters, tokens, row.get("kind"))
    return RowEstimate(
        name,
        whole(Fraction(amount) / _SPREAD),
        amount,
        amount * _SPREAD,
        None,
        Method.PARAMETERS_TOKENS,
        Convention.MODEL_FLOP,
    )


def _by_hardware(
    name: str,
    row: Mapping[str, str | None],
    hours: Exact,
    catalogue: Catalogue,
    rates: RateOn,
    priors: Priors,
) -> RowEstimate:
    accelerator = (row.get("accelerator") or "").strip()
    if not accelerator:
        raise ValueError(f"row {name}: accelerator_hours need an accelerator; name its type")
    started = _day(row, "started")
    found = catalogue.resolve(accelerator, on=started)
    rate = rates(found.stored_as, started or date.max)
    milliseconds = hours * _MS_PER_HOUR

    def flop(points: int, flop_per_ms_per_bp: int) -> Exact:
        return whole(Fraction(milliseconds) * points * flop_per_ms_per_bp)

    return RowEstimate(
        name,
        flop(priors.low, rate.low),
        flop(priors.central, rate.central),
        flop(priors.high, rate.high),
        flop(FULL_BP, rate.high),
        Method.HARDWARE,
        Convention.HARDWARE_FLOP,
        found.note,
    )


def _figure(row: Mapping[str, str | None], column: str) -> Exact | None:
    text = (row.get(column) or "").strip()
    if not text:
        return None
    try:
        figure = parse_decimal(text)
    except ValueError as error:
        raise ValueError(f"row {row.get('id')}: {column} {error}; give a plain figure") from error
    if figure < 0:
        raise ValueError(f"row {row.get('id')}: {column} {text} is negative; give 0 or more")
    return figure


def _day(row: Mapping[str, str | None], column: str) -> date | None:
    text = (row.get(column) or "").strip()
    if not text:
        return None
    try:
        return parse_day(text[:10])
    except ValueError as error:
        raise ValueError(f"row {row.get('id')}: {column} {error}; correct it") from error
