"""Who owns whom: holdings, owners, the 50 percent rules, statements out and in, open questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from sluicegate.api.lists import LIMIT, CursorOf, LimitOf, after_id, id_page
from sluicegate.api.models.common import Day, Identifier, Line
from sluicegate.api.models.ownership import (
    FiftyPercentPage,
    OwnershipNoteBody,
    OwnershipOfParty,
    OwnershipRecord,
    OwnershipRecordList,
    OwnershipRecordShown,
    OwnersOfParty,
    ReasonBody,
)
from sluicegate.api.models.work import JobShown
from sluicegate.api.parts import DeskOf, LanguageOf, Parts, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import NDJSON, page, single, told
from sluicegate.api.routes.meter import known_at
from sluicegate.api.routes.work import accepted
from sluicegate.api.routing import STREAMED, ChangingRoute, ExactRoute
from sluicegate.api.uploads import UPLOAD, kept_body
from sluicegate.core.identifiers import PartyId
from sluicegate.core.quantities import flop_text
from sluicegate.services.access.actions import Action
from sluicegate.services.desk import Desk
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.ownership import diligence, showing
from sluicegate.services.ownership.fifty_percent import KNOWN_LISTS, Regime
from sluicegate.services.ownership.methods import BothMethods
from sluicegate.services.ownership.rows import (
    holding_row,
    method_document,
    not_named_row,
    owner_row,
    record_document,
)
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.ports.ownership_diligence import DiligenceState
from sluicegate.services.screening.standing import ALERTS, listed_on
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import OwnershipJob
from sluicegate.wiring.ownership import Exchange, exchange_text, ownership_svg

reading = APIRouter(prefix="/v1", tags=["ownership"], route_class=ExactRoute)
changing = APIRouter(prefix="/v1", tags=["ownership"], route_class=ChangingRoute)

Party = Annotated[str, Path(max_length=300, description="Id of a customer, owner or owned party.")]
RecordId = Annotated[str, Path(max_length=100, description="Id of a record of diligence.")]


@dataclass(frozen=True, slots=True)
class When:
    """The day that is asked about, and the day until which things were known."""

    as_of: date | None
    known_on: date | None

    def point(self, desk: Desk, parts: Parts) -> Standpoint:
        """Return the ownership of the caller's tenant as it held then."""
        day = self.as_of or desk.now().date()
        return Standpoint.of(desk.store, parts.served.book, day, known_at(self.known_on))


async def when_of(
    as_of: Annotated[Day | None, Query(description="Today if left out.")] = None,
    known_on: Annotated[
        Day | None, Query(description="Only what was recorded by this day.")
    ] = None,
) -> When:
    """Return the days that a query gives."""
    return When(as_of, known_on)


WhenOf = Annotated[When, Depends(when_of)]


def _pairs(given: list[str], field: str, shape: str) -> list[tuple[str, str]]:
    """Read NAME=VALUE texts; the last = divides, as ids may hold one."""
    found = []
    for one in given:
        name, sign, value = one.rpartition("=")
        if not sign or not name or not value:
            raise bad_field(field, f"give it as {shape}")
        found.append((name, value))
    return found


@reading.get(
    "/ownership/fifty-percent", response_model=FiftyPercentPage, operation_id="fifty_percent"
)
def fifty_percent(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    when: WhenOf,
    party: Annotated[
        Line | None, Query(description="One party; without it all below a listed one.")
    ] = None,
    regime: Annotated[
        list[Regime] | None, Query(max_length=2, description="ofac or bis_affiliates; else both.")
    ] = None,
    listed: Annotated[
        list[Line] | None,
        Query(max_length=50, description="Also take a party as listed: PARTY=LIST."),
    ] = None,
    limit: LimitOf = LIMIT,
    cursor: CursorOf = None,
) -> Response:
    """Say what listed parties own, by the cascade in aggregate and by multiplied shares.

    Listed are the parties whose matches are open or confirmed, and those of `listed`.
    The rule of the regime decides by the cascade; the multiplied share stands beside it.
    """
    point = when.point(desk, parts)
    regimes = list(dict.fromkeys(regime or Regime))
    given = listed or []
    asked = {"party": party, "regime": sorted(one.value for one in regimes), "listed": given}
    after = after_id(cursor, asked)
    every = _listed(desk, when, given)
    chosen = None if party is None else PartyId(party)
    found = showing.fifty_percent(desk, point, every, sorted(regimes, key=_name), chosen)
    left = (one for one in found if after is None or _place(one) > after)
    rows = list(islice(left, limit + 1))
    return page(
        request,
        id_page(rows, limit, _place, asked),
        lambda one: method_document(one, point.law, language),
    )


def _name(regime: Regime) -> str:
    return regime.value


def _place(one: BothMethods) -> str:
    return f"{one.regime.value} {one.party}"


def _listed(desk: Desk, when: When, given: list[str]) -> Mapping[PartyId, frozenset[str]]:
    """Return party → its lists: by its matches that stand, and as the query adds."""
    known = known_at(when.known_on)
    found = dict(lists_of(listed_on(desk.store.matches.matches(states=ALERTS, known_on=known))))
    for name, text in _pairs(given, "listed", "PARTY=LIST"):
        if text not in KNOWN_LISTS:
            raise bad_field("listed", f"is none of {', '.join(KNOWN_LISTS)}")
        found[PartyId(name)] = found.get(PartyId(name), frozenset()) | {text}
    return found


@reading.get(
    "/ownership/export",
    operation_id="export_ownership",
    response_class=StreamingResponse,
    responses={
        200: {
            "content": {
                "application/json": {"schema": {"type": "array", "items": {"type": "object"}}},
                NDJSON: {"schema": {"type": "string"}},
            }
        }
    },
)
def export_ownership(
    desk: DeskOf,
    parts: PartsOf,
    when: WhenOf,
    to: Annotated[Exchange, Query(description="bods or ftm.")] = Exchange.BODS,
    party: Annotated[Line | None, Query(description="Only this party and those above it.")] = None,
    lines: Annotated[bool, Query(description="BODS as one statement a line.")] = False,
    publisher: Annotated[
        Identifier, Query(description="Who publishes the statements.")
    ] = "Sluicegate",
) -> Response:
    """Give ownership as statements of BODS 0.4 or entities of FollowTheMoney; the export is an act.

    BODS comes as a JSON array, or with `lines` as one statement a line, as FollowTheMoney does.
    """
    chosen = None if party is None else PartyId(party)
    statements = showing.export(desk, when.point(desk, parts), publisher, chosen)
    is_array = to is Exchange.BODS and not lines
    media_type = "application/json" if is_array else NDJSON
    return StreamingResponse(exchange_text(statements, to, lines=lines), media_type=media_type)


@reading.get(
    "/ownership/diligence",
    response_model=OwnershipRecordList,
    operation_id="list_ownership_records",
)
def list_records(
    desk: DeskOf,
    language: LanguageOf,
    state: Annotated[DiligenceState | None, Query(description="open or closed; else both.")] = None,
) -> Response:
    """List the records of what of an ownership is not known, each at its last version."""
    found = diligence.listed(desk, state)
    return told({"items": [record_document(one, language) for one in found]})


@reading.get(
    "/ownership/diligence/{record}",
    response_model=OwnershipRecordShown,
    operation_id="get_ownership_record",
)
def get_record(record: RecordId, request: Request, desk: DeskOf, language: LanguageOf) -> Response:
    """Show a record with every version: what was searched, found and left open; an act."""
    versions = [record_document(one, language) for one in diligence.shown(desk, record)]
    return single(request, {"diligence_id": record, "versions": versions})


@changing.post(
    "/ownership/diligence/{record}/note",
    response_model=OwnershipRecord,
    operation_id="note_ownership_record",
)
def note_record(
    record: RecordId, body: OwnershipNoteBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Write down what was searched, found and left open; earlier versions stay."""
    written = diligence.Written(body.searched, body.found, body.left_open)
    after = diligence.note(desk, record, written, reason=body.reason)
    return told(record_document(after, language))


@changing.post(
    "/ownership/diligence/{record}/close",
    response_model=OwnershipRecord,
    operation_id="close_ownership_record",
)
def close_record(
    record: RecordId, body: ReasonBody, desk: DeskOf, language: LanguageOf
) -> Response:
    """Close a record, with the reason why nothing more needs to be known."""
    return told(record_document(diligence.close(desk, record, reason=body.reason), language))


@changing.post(
    "/ownership/import",
    response_model=JobShown,
    operation_id="import_ownership",
    status_code=202,
    openapi_extra=UPLOAD,
)
async def import_ownership(
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    name: Annotated[Identifier, Query(description="Name of the file.", examples=["acme.json"])],
    source: Annotated[
        Line | None, Query(description="Name of the source; else who published it.")
    ] = None,
    same: Annotated[
        list[Line] | None,
        Query(max_length=200, description="Which party a record is: RECORD=PARTY."),
    ] = None,
    dry_run: Annotated[bool, Query(description="Keep nothing of it.")] = False,
) -> Response:
    """Read statements of BODS 0.4 or FollowTheMoney into the registry, as a job.

    The body is the file. Bad statements are refused one by one; the job's result counts them.
    """
    await run_in_threadpool(desk.must, Action.INTAKE_WRITE)
    pairs = dict(_pairs(same or [], "same", "RECORD=PARTY"))
    kept = await kept_body(request, parts, name)
    asked = OwnershipJob(kept, source, pairs, dry_run)
    return accepted(await run_in_threadpool(ask_job, desk, asked), language)


STREAMED.add("/v1/ownership/import")


@reading.get("/ownership/{party}", response_model=OwnershipOfParty, operation_id="get_ownership")
def get_ownership(
    party: Party, request: Request, desk: DeskOf, parts: PartsOf, when: WhenOf
) -> Response:
    """Show every holding above a party: shares, control, nominees, days, sources; an act."""
    shown = showing.show(desk, when.point(desk, parts), PartyId(party))
    document = {
        "party": party,
        "name": shown.name,
        "holdings": [holding_row(one) for one in shown.holdings],
        "unknown_remainder": flop_text(shown.remainder),
    }
    return single(request, document)


@reading.get(
    "/ownership/{party}/picture",
    operation_id="get_ownership_picture",
    response_class=Response,
    responses={200: {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}},
)
def get_picture(
    party: Party, desk: DeskOf, parts: PartsOf, language: LanguageOf, when: WhenOf
) -> Response:
    """Draw owners above what they own, with shares on the edges, as SVG; an act."""
    shown = showing.show(desk, when.point(desk, parts), PartyId(party))
    drawn = ownership_svg(shown.picture, shown.name, language)
    headers = {"Content-Disposition": "attachment", "Vary": "Accept-Language"}
    return Response(drawn, headers=headers, media_type="image/svg+xml")


@reading.get("/ownership/{party}/owners", response_model=OwnersOfParty, operation_id="get_owners")
def get_owners(
    party: Party, request: Request, desk: DeskOf, parts: PartsOf, when: WhenOf
) -> Response:
    """Show the beneficial owners of a party, by share through chains and by control; an act."""
    found = showing.owners(desk, when.point(desk, parts), PartyId(party))
    document = {
        "party": party,
        "owners": [owner_row(one) for one in found.owners],
        "not_named": [not_named_row(owned, told) for owned, told in found.not_named],
        "unknown_remainder": flop_text(found.remainder),
    }
    return single(request, document)
