"""United States: the executive order of 2023 and the rule proposed in 2024."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import MAXYEAR, date, timedelta

from sluicegate.core.calendars import add_months, quarter_start
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

ORDER = "us.eo_14110"
PROPOSAL = "us.nprm_702"


def decide_eo14110_report(facts: Facts, law: Law) -> Answer:
    """Say whether a model and a cluster were to be reported under EO 14110, sec. 4.2.

    Operations and networking are "greater than" and "over"; the rate of the
    cluster is met at the figure itself. The default for foreign cloud customers,
    4.2(c)(iii), joins its own figure and the cluster with "and". When the order
    is not in force, nothing is reportable.
    """
    in_force = law.in_force(ORDER)
    model, model_reasons = _order_model(facts, law)
    cluster, cluster_reasons = _order_cluster(facts, law)
    default_limit = law.limit(f"{ORDER}.iaas.training_compute")
    compute = facts.amount("training_compute")
    default = default_limit.passed_by(compute) and cluster
    reasons = [
        say("The order is in force." if in_force else "The order is not in force: nothing is due."),
        *model_reasons,
        *cluster_reasons,
        comparison("For the cloud default, training compute", compute, default_limit),
    ]
    return Answer(
        {
            "in_force": in_force,
            "model_reportable": in_force and model,
            "cluster_reportable": in_force and cluster,
            "iaas_default_capability": in_force and default,
        },
        reasons,
    )


def _order_model(facts: Facts, law: Law) -> tuple[bool, list[Sentence]]:
    compute = facts.amount("training_compute")
    limits = [law.limit(f"{ORDER}.model.training_compute")]
    if facts.flag("primarily_biological_sequence_data"):
        limits.append(law.limit(f"{ORDER}.model.biological_training_compute"))
    said = [comparison("Training compute", compute, limit) for limit in limits]
    return any(limit.passed_by(compute) for limit in limits), said


def _order_cluster(facts: Facts, law: Law) -> tuple[bool, list[Sentence]]:
    network = law.limit(f"{ORDER}.cluster.network")
    rate = law.limit(f"{ORDER}.cluster.peak_rate")
    speed, peak = facts.amount("cluster_network_gbit_s"), facts.amount("cluster_max_rate")
    together = facts.flag("cluster_co_located")
    reasons = [
        say(
            "The machines of the cluster are in one data centre."
            if together
            else "The machines of the cluster are not in one data centre."
        ),
        comparison("Networking", speed, network),
        comparison("A peak rate", peak, rate),
    ]
    return together and network.passed_by(speed) and rate.passed_by(peak), reasons


def decide_nprm702_report(facts: Facts, law: Law) -> Answer:
    """Compare a run and a cluster with proposed 15 CFR 702.7(a)(1).

    Every comparison is strict. The comparison is made on any day; whether the
    proposal was public and whether it binds are answers of their own.
    """
    run = law.limit(f"{PROPOSAL}.run.training_compute")
    network = law.limit(f"{PROPOSAL}.cluster.network")
    rate = law.limit(f"{PROPOSAL}.cluster.peak_rate")
    compute = facts.amount("training_run_compute")
    speed = facts.amount("cluster_network_gbit_s")
    peak = facts.amount("cluster_max_rate_dense")
    proposed = law.status(PROPOSAL) is not None
    binding = law.enforced(PROPOSAL)
    reasons = [
        say("The proposal is public." if proposed else "The proposal is not public yet."),
        say("The rule binds." if binding else "The rule does not bind."),
        comparison("A training run", compute, run),
        comparison("Networking", speed, network),
        comparison("A dense peak rate", peak, rate),
    ]
    return Answer(
        {
            "proposed": proposed,
            "binding": binding,
            "training_run_applicable": run.passed_by(compute),
            "cluster_applicable": network.passed_by(speed) and rate.passed_by(peak),
        },
        reasons,
    )


def refuse_nprm702_notice(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse a year so late that its notification dates may leave the calendar."""
    year = facts.whole("year")
    if year >= MAXYEAR:
        yield BadFact("year", f"{year} leaves the calendar no room; give a year before {MAXYEAR}")


def decide_nprm702_notice(facts: Facts, law: Law) -> Answer:
    """Give the date of a quarterly notification and say whether it names an activity.

    Proposed 702.7(a)(2)(i) names 15 April, 15 July, 15 October and 15 January:
    each lies as many days after its quarter, which is how the parameter holds
    it. An activity that starts on the last day of the horizon is named.
    """
    year, quarter = facts.whole("year"), facts.whole("quarter")
    due = law.period(f"{PROPOSAL}.notice.after_quarter").after(last_day_of_quarter(year, quarter))
    horizon_end = law.period(f"{PROPOSAL}.notice.horizon").after(due)
    start = facts.day("planned_start")
    include = start <= horizon_end
    return Answer(
        {"due": due, "horizon_end": horizon_end, "include": include},
        [
            say(
                "The notification for quarter {quarter} of {year} is due on {due}.",
                quarter=quarter,
                year=year,
                due=due,
            ),
            say(
                "It looks ahead to {horizon_end}; the activity starts on {start}, by that day."
                if include
                else "It looks ahead to {horizon_end}; the activity starts on {start}, after that"
                " day.",
                horizon_end=horizon_end,
                start=start,
            ),
        ],
    )


def last_day_of_quarter(year: int, quarter: int) -> date:
    """Return the last day of a calendar quarter.

    >>> last_day_of_quarter(2025, 4)
    datetime.date(2025, 12, 31)
    """
    return add_months(quarter_start(year, quarter), 3) - timedelta(days=1)
