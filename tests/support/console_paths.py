"""Every page of the console that can be read, with the parts of its path filled in."""

from __future__ import annotations

from console import Running
from dossier_paths import DOSSIER_PATHS, filled_dossier
from kept_lineages import keep_lineage
from sluicegate.cases.filters import Filter
from sluicegate.services.access.principals import Scope
from sluicegate.wiring.identity import operator_desk

LINEAGE_PATHS = (
    "/lineages",
    "/lab",
    "/lab?data=registry&threshold=1e24+1e25&as_of=2026-06-30",
    "/lab?data=none&threshold=-",
    "/lab/data",
    "/lab/forecast",
    "/lab/forecast?data=registry&threshold=1e25&near=1&set=last_fit_year%3D2026&later=registry",
    "/lab/forecast?data=registry&threshold=none",
    "/lab/moving",
    "/lab/moving?as_of=2026-99&data=none",
    "/lab/moving/us.eccn_4e091.control_level?data=registry&as_of=2026-06-30",
    "/lab/moving/kthf.lowered_limits.training_cap?from=2026-01-01&to=2026-12-31&then=yes",
    "/lineages/account",
    "/lineages/{lineage}",
    "/lineages/{lineage}/target?id=student_1",
    "/lineages/{lineage}/compare?id=student_1",
)
"""Pages of a lineage that is kept once one of them is asked for."""

SCREENING_PATHS = (
    "/screening",
    "/screening/matches",
    "/screening/matches?state=all&list=us_sdn&weak=no&order=name&text=al",
    "/screening/allowances",
    "/screening/beside",
    "/screening/names",
    "/screening/lists",
    "/screening/designations/new",
    "/screening/validation",
    "/screening/validation/sample",
)
"""Pages of screening, over a node without lists: each says what to do first."""

PATHS = (
    "/",
    "/keys",
    "/account",
    "/rules",
    "/rules?as_of=2025-05-13&known_on=2025-01-31&state=in_force",
    "/rules/changes",
    "/rules/changes?from=2025-08-01&to=2025-08-02",
    "/rules/eu.ai_act",
    "/rules/us.bis_affiliates?as_of=2026-11-09",
    "/rules/no.such_text",
    "/questions",
    "/questions?area=kyc",
    "/questions/training_compute",
    "/questions/beneficial_owners",
    "/questions/eu_systemic_risk/answer?as_of=2025-09-01&f.training_compute=1.2e25"
    "&f.condition_met_on=2025-09-01",
    "/questions/eu_systemic_risk/answer?as_of=2025-99&f.training_compute=-",
    "/regimes",
    "/regimes?subject=shipment",
    "/regimes?subject=run&as_of=2026-11-21&f.training_compute=1.2e26",
    "/regimes?subject=run&f.training_compute=-",
    "/settings",
    "/users",
    "/users/new",
    "/users/{account}",
    "/machines",
    "/machines/new",
    "/webhooks",
    "/roles",
    "/audit",
    "/audit/{act}",
    "/cases",
    "/cases?state=all&assignee=nobody&text=lab",
    "/cases?priority=soon",
    "/cases/new",
    "/cases/{case}",
    "/cases/{case}?in=assignee%3Dnobody",
    "/cases/{case}/findings/{finding}",
    "/cases/{case}/print",
    "/calendar",
    "/ownership",
    "/ownership?state=closed",
    "/ownership/parties/c-shell-1",
    "/links",
    "/links/suggestions",
    "/links/decide?act=accept",
    "/diligence",
    "/diligence/holds",
    "/diligence/disposals",
    "/diligence/disposals/c-lab",
    "/diligence/productions",
    "/diligence/customers/c-lab",
    "/exchange",
    *LINEAGE_PATHS,
    "/consultations",
    "/consultations?stage=open",
    "/consultations/new?about=threshold",
    "/consultations/new?about=guidance",
    "/thresholds",
    "/thresholds?due=yes&as_of=2026-06-30",
    "/thresholds?as_of=2026-13-01",
    *SCREENING_PATHS,
    *DOSSIER_PATHS,
)
"""Pages for someone who is signed in; each is looked at in both languages and both looks."""

ANSWERS = {
    "/rules/no.such_text": 404,
    "/questions/eu_systemic_risk/answer?as_of=2025-99&f.training_compute=-": 422,
    "/regimes?subject=run&f.training_compute=-": 422,
    "/cases?priority=soon": 422,
    "/lab?data=none&threshold=-": 422,
    "/lab/forecast?data=registry&threshold=none": 422,
    "/lab/moving?as_of=2026-99&data=none": 422,
    "/thresholds?as_of=2026-13-01": 422,
}
"""Pages that tell a problem, with their status; every other one is answered with 200."""

OPEN_PATHS = ("/sign-in", "/sign-in?next=/rules")
"""Pages for someone who is not."""


def filled(path: str, console: Running) -> str:
    """Return a path with its parts filled in from what the console's node holds."""
    store = console.served.store_of(console.served.tenant)
    parts = filled_dossier(path, console)
    if "{account}" in path:
        parts["account"] = store.accounts.all()[0].id
    if "{act}" in path:
        parts["act"] = next(store.acts()).act_id
    if "{case}" in path:
        row = store.cases.queue(
            Filter(), Scope(console.served.tenant), who="", after=None, limit=1
        )[0]
        case = store.cases.find(row.case_id, Scope(console.served.tenant))
        assert case is not None
        parts |= {"case": case.case_id, "finding": case.alerts[0].alert_id}
    if "{lineage}" in path:
        parts["lineage"] = keep_lineage(operator_desk(console.served.node))
    return path.format(**parts)
