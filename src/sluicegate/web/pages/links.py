"""Customers that belong together: the groups, what links them, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from sluicegate.core.phrases import term
from sluicegate.core.quantities import percent
from sluicegate.core.reasons import Sentence
from sluicegate.screening.linkage import Decision, Verdict, pair_of
from sluicegate.services.access.actions import Action
from sluicegate.services.access.principals import Resource
from sluicegate.services.linkage import deciding, reading
from sluicegate.services.linkage.deciding import Decided, LinkError
from sluicegate.services.linkage.finding import PREFIX
from sluicegate.services.linkage.suggesting import LEAST_PER_MILLE
from sluicegate.services.ports.links import KeptLink, Suggestion
from sluicegate.services.ports.present import FindingFilter, FindingRow
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import LinksJob
from sluicegate.web.case_parts import people_named
from sluicegate.web.dossier_parts import dossier_words
from sluicegate.web.dossier_views import PictureShown, names_of_customers
from sluicegate.web.pages.sources import read_day
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import NoticeKind, Visit
from sluicegate.wiring.dossier_pictures import LinkedPair, LinkWords, Words, linked_picture

ROWS = 100
WHOLE = 1_000
"""A probability of one, in thousandths."""
_UNFIT = 422
_MOST_DRAWN = 24
"""Members in a picture; more cannot be read."""
_MOST_FINDINGS = 20
_MOST_UNUSED = 10
"""Things too common, and links set aside, on the page; the command line lists all."""
_MOST_PAIRS = 200
"""Pairs of a group on its page; the command line prints all."""


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


AGREEING: Mapping[str, str] = {
    "name": _("name"),
    "address": _("address"),
    "telephone": _("telephone number"),
    "domain": _("domain of e-mail"),
    "birth_date": _("date of birth"),
    "country": _("country"),
}
"""What of two customers a model compares → how it is told."""

_ACTS = {"cut": Verdict.CUT, "restore": Verdict.RESTORED, "accept": Verdict.ACCEPTED}


@dataclass(frozen=True, slots=True)
class PairShown:
    """Two customers with everything that links them, and what stands decided about them."""

    a: str
    b: str
    links: tuple[KeptLink, ...]
    decision: Decision | None

    @property
    def holds(self) -> bool:
        """Whether they are held together, after what people decided."""
        return any(one.holds for one in self.links)

    @property
    def is_cut(self) -> bool:
        """Whether a person cut them."""
        return self.decision is not None and self.decision.verdict is Verdict.CUT

    @property
    def why_aside(self) -> Sentence | None:
        """Why what links them is not used; None where it is, or is too little."""
        return self.links[0].why_aside

    @property
    def weight(self) -> int:
        """What all of it weighs."""
        return sum(one.link.weight for one in self.links)


def pairs_of(links: Iterable[KeptLink], decisions: Iterable[Decision]) -> list[PairShown]:
    """Return links by pair, the heaviest first, with the decision that stands about each."""
    standing = {pair_of(one.a, one.b): one for one in decisions}
    held: dict[tuple[str, str], list[KeptLink]] = {}
    for one in links:
        held.setdefault(pair_of(one.link.a, one.link.b), []).append(one)
    shown = [
        PairShown(a, b, tuple(of_pair), standing.get((a, b))) for (a, b), of_pair in held.items()
    ]
    return sorted(shown, key=lambda one: (-one.weight, one.a, one.b))


def standing_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the last decision about each pair, the newest first."""
    last = {pair_of(one.a, one.b): one for one in decisions}
    return sorted(last.values(), key=lambda one: one.at, reverse=True)


def list_links(visit: Visit) -> Response:
    """List the groups as they were last found, and what people decided."""
    after = visit.query.get("after", "")
    found = reading.groups(visit.desk, after=after, limit=ROWS)
    unused = reading.not_used(visit.desk, limit=_MOST_UNUSED)
    decided = reading.decisions(visit.desk)
    last = standing_decisions(decided)[:ROWS]
    first = [one.group_id.removeprefix(PREFIX) for one in found.groups]
    aside = pairs_of(unused.aside, ())
    pairs = [*((one.a, one.b) for one in last), *((one.a, one.b) for one in aside)]
    named = names_of_customers(visit, [*first, *(key for pair in pairs for key in pair)])
    is_full = len(found.groups) == ROWS
    return visit.render(
        "links/list.html",
        mark=found.mark,
        groups=found.groups,
        prefix=PREFIX,
        decided=last,
        name=named,
        person=people_named(visit, [one.by for one in last]),
        decide=_form_of,
        verdicts=Verdict,
        may_decide=visit.may(Action.LINK_DECIDE),
        may_find=visit.may(Action.ASSESS_RUN),
        common=unused.common,
        aside=aside,
        suggested=len(reading.suggestions(visit.desk)),
        following=visit.url(after=found.groups[-1].group_id) if is_full else None,
        previous=visit.url(after=None) if after else None,
        **dossier_words(visit),
    )


def find_links(visit: Visit) -> Response:
    """Ask for the job that finds links, and suggests duplicates where that is wanted."""
    try:
        day = read_day(visit.text("as_of"))
    except ValueError:
        return visit.redirect(
            "/links", visit._("This is no day; write e.g. 2026-01-31."), NoticeKind.WARNING
        )
    least = LEAST_PER_MILLE if visit.text("suggest") == "yes" else None
    job = ask_job(visit.desk, LinksJob(day, least))
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The search for links waits to be run."))


def list_suggestions(visit: Visit) -> Response:
    """List pairs that a model takes for one customer, each with its way to decide."""
    found = reading.suggestions(visit.desk)
    shown = found[:_MOST_PAIRS]
    return visit.render(
        "links/suggestions.html",
        suggestions=shown,
        count=len(found),
        name=names_of_customers(visit, [key for one in shown for key in (one.a, one.b)]),
        **_words_of_model(visit),
        decide=_form_of,
        may_decide=visit.may(Action.LINK_DECIDE),
        may_find=visit.may(Action.ASSESS_RUN),
        **dossier_words(visit),
    )


def show_group(visit: Visit) -> Response:
    """Show a group: who is in it, what links each pair, and what was decided; an act."""
    found = reading.group(visit.desk, visit.path["group"])
    shown = pairs_of(found.links, found.decisions)
    inside = [key for one in found.decisions for key in (one.a, one.b)]
    named = names_of_customers(visit, [*found.members, *inside])
    return visit.render(
        "links/show.html",
        found=found,
        pairs=shown[:_MOST_PAIRS],
        pair_count=len(shown),
        name=named,
        picture=_picture(visit, found.members, shown, named),
        findings=_findings(visit, found.group_id),
        decided=standing_decisions(found.decisions),
        decide=_form_of,
        person=people_named(visit, [one.by for one in found.decisions]),
        verdicts=Verdict,
        may_decide=visit.may(Action.LINK_DECIDE),
        **dossier_words(visit),
    )


def _findings(visit: Visit, group_id: str) -> Sequence[FindingRow]:
    if not visit.may(Action.FINDING_READ):
        return ()
    wanted = FindingFilter(subject=f"{reading.LINKED_GROUP}:{group_id}")
    return visit.desk.store.present.findings(visit.desk.scope, wanted, None, _MOST_FINDINGS)


def _picture(
    visit: Visit, members: Sequence[str], shown: Sequence[PairShown], named: Mapping[str, str]
) -> PictureShown | None:
    if len(members) > _MOST_DRAWN:
        return None
    inside = frozenset(members)
    drawn = [
        LinkedPair(
            one.a,
            one.b,
            len(one.links),
            one.holds,
            ", ".join(term(each.link.kind.value, visit.language) for each in one.links),
        )
        for one in shown
        if one.a in inside and one.b in inside
    ]
    said = visit.words.ngettext(
        "%(num)d pair of customers shares something.",
        "%(num)d pairs of customers share something.",
        len(drawn),
    ) % {"num": len(drawn)}
    words = Words(visit._("Who is linked with whom"), said, visit.language)
    meaning = LinkWords(visit._("holds the two together"), visit._("does not hold them"))
    names = {key: named.get(key, key) for key in members}
    return PictureShown(linked_picture(names, drawn, words, meaning), (said,))


def _form_of(act: str, one: str, other: str, group: str = "") -> str:
    """Return where the form of a decision about two customers is."""
    asked = {"act": act, "one": one, "other": other, "group": group}
    return f"/links/decide?{urlencode({name: text for name, text in asked.items() if text})}"


def ask_decision(visit: Visit) -> Response:
    """Show the form of a decision about two customers, with what links them."""
    asked = {name: visit.query.get(name, "").strip() for name in ("act", "one", "other", "group")}
    return _form_page(visit, asked)


def _form_page(
    visit: Visit,
    asked: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    said: Sentence | None = None,
) -> Response:
    one, other = asked["one"], asked["other"]
    links: Sequence[KeptLink] = ()
    decided: Sequence[Decision] = ()
    if one and other:
        resource = Resource("link", visit.principal.tenant, one)
        visit.desk.read(Action.LINK_READ, resource, other=other)
        links = visit.desk.store.links.links_between(one, other)
        pair = pair_of(one, other)
        decided = [
            each for each in reading.decisions(visit.desk) if pair_of(each.a, each.b) == pair
        ]
    return visit.render(
        "links/decide.html",
        status=_UNFIT if faults or said else 200,
        asked=asked,
        acts=list(_ACTS),
        links=links,
        suggestion=_suggestion(visit, one, other),
        **_words_of_model(visit),
        decided=decided,
        name=names_of_customers(visit, [key for key in (one, other) if key]),
        person=people_named(visit, [each.by for each in decided]),
        given=visit.text,
        faults=faults or {},
        said=said,
        prefix=PREFIX,
        **dossier_words(visit),
    )


def _words_of_model(visit: Visit) -> dict[str, Any]:
    """Return what tells a suggestion: its probability, and what agrees."""
    return {
        "agreeing": {part: visit._(text) for part, text in AGREEING.items()},
        "probability": lambda one: percent(Fraction(one.per_mille, WHOLE)),
    }


def _suggestion(visit: Visit, one: str, other: str) -> Suggestion | None:
    pair = pair_of(one, other)
    return next((s for s in reading.suggestions(visit.desk) if (s.a, s.b) == pair), None)


def decide(visit: Visit) -> Response:
    """Cut, restore or accept a link, for a reason."""
    asked = {name: visit.text(name) for name in ("act", "one", "other", "group")}
    faults = {name: visit._("This is needed.") for name in ("one", "other") if not asked[name]}
    if not visit.text("reason"):
        faults["reason"] = visit._("Say why; a reason is needed.")
    if asked["act"] not in _ACTS:
        faults["act"] = visit._("Choose one.")
    if faults:
        return _form_page(visit, asked, faults)
    try:
        made = _decided(visit, asked)
    except LinkError as error:
        return _form_page(visit, asked, said=error.sentence)
    group = made.group or visit.desk.store.links.group_of(asked["other"])
    there = f"/links/{quote(group, safe='')}" if group else "/links"
    verdict = made.decision.verdict
    if verdict is Verdict.CUT and made.still:
        way = " – ".join(made.still)
        said = visit._(
            "The link is cut. The two still stand in one group, through %(way)s.", way=way
        )
        return visit.redirect(there, said, NoticeKind.WARNING)
    done = {
        Verdict.CUT: visit._("The link is cut, and stays cut until somebody restores it."),
        Verdict.RESTORED: visit._("The cut is taken back; links count again as they are found."),
        Verdict.ACCEPTED: visit._("The two are held together."),
    }
    return visit.redirect(there, done[verdict])


def _decided(visit: Visit, asked: Mapping[str, str]) -> Decided:
    desk, book, reason = visit.desk, visit.served.book, visit.text("reason")
    one, other = asked["one"], asked["other"]
    verdict = _ACTS[asked["act"]]
    if verdict is Verdict.CUT and other.startswith(PREFIX):
        return deciding.cut_out(desk, book, one, other, reason)[-1]
    act = {
        Verdict.CUT: deciding.cut,
        Verdict.RESTORED: deciding.restore,
        Verdict.ACCEPTED: deciding.accept,
    }[verdict]
    return act(desk, book, one, other, reason)


PAGES: tuple[Page, ...] = (
    page("/links", list_links, Action.LINK_READ),
    post("/links/find", find_links, Action.ASSESS_RUN),
    page("/links/suggestions", list_suggestions, Action.LINK_READ),
    page("/links/decide", ask_decision, Action.LINK_DECIDE),
    post("/links/decide", decide, Action.LINK_DECIDE),
    page("/links/{group:path}", show_group, Action.LINK_READ),
)
