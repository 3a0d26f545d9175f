"""Questions: which there are, and one or many answers."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import AsyncIterator, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from sluicegate.api.fact_examples import example_facts
from sluicegate.api.models.common import Line
from sluicegate.api.models.law import (
    Answer,
    AnswerRow,
    AskBody,
    QuestionList,
    QuestionRow,
    QuestionShown,
)
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.problems import ProblemError
from sluicegate.api.readings import readings_of
from sluicegate.api.rendering import CSV, NDJSON, TwoWay, single, told
from sluicegate.api.routing import STREAMED, ExactRoute
from sluicegate.core.calendars import parse_day
from sluicegate.core.exact import ExactTextError, dump_json, load_json
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.questions import Question
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.services.access.actions import Action
from sluicegate.services.asking import ask_question, question_named
from sluicegate.services.fault_words import fault_text, faults_text
from sluicegate.services.law_documents import title_document
from sluicegate.services.questions import questions_of
from sluicegate.wiring.http import HttpProblem, ProblemKind

router = APIRouter(prefix="/v1", tags=["questions"], route_class=ExactRoute)

QuestionName = Annotated[
    str, InPath(max_length=200, description="Name of a question.", examples=["eu_systemic_risk"])
]
_AT_ONCE = 2_000
_LONGEST_LINE = 1 << 20


@router.get("/questions", response_model=QuestionList, operation_id="list_questions")
def list_questions(desk: DeskOf, parts: PartsOf) -> Response:
    """List every question that can be asked; each threshold rule is one, by its id."""
    desk.must(Action.RULES_READ)
    found = sorted(questions_of(parts.served.book).items())
    return told({"items": [_row(name, one) for name, one in found]})


def _row(name: str, one: Question) -> dict[str, Any]:
    spec = one.spec
    row = {
        "question": name,
        "area": spec.area,
        "title": title_document(spec.title),
        "facts": [field.name for field in spec.facts],
        "readings": [reading.name for reading in spec.readings],
    }
    assert set(row) == set(QuestionRow.model_fields)
    return row


@router.get("/questions/{question}", response_model=QuestionShown, operation_id="get_question")
def get_question(
    question: QuestionName, request: Request, desk: DeskOf, parts: PartsOf
) -> Response:
    """Show a question: the JSON Schemas of its facts and answer, its readings, an example."""
    desk.must(Action.RULES_READ)
    spec = question_named(question, parts.served.book).spec
    day = spec.first_recorded
    return single(
        request,
        {
            "question": spec.name,
            "area": spec.area,
            "title": title_document(spec.title),
            "notes": spec.notes,
            "first_recorded": None if day is None else day.isoformat(),
            "readings": [
                {
                    "name": one.name,
                    "values": list(one.values),
                    "default": one.default,
                    "meaning": one.meaning,
                }
                for one in spec.readings
            ],
            "facts_schema": facts_schema(spec),
            "answer_schema": answer_schema(spec),
            "example": {
                "facts": example_facts(spec),
                "as_of": desk.now().date().isoformat(),
                "readings": {},
                "known_on": None,
                "language": None,
            },
        },
    )


@router.post("/ask/{question}", response_model=Answer, operation_id="ask")
async def ask(
    question: QuestionName, body: AskBody, desk: DeskOf, parts: PartsOf, language: LanguageOf
) -> Response:
    """Answer one question from facts on a day, with reasons, citations and parameters.

    Bad facts are answered by 422 with the paths of all faults in order.
    """
    desk.must(Action.QUESTION_ASK)
    asked = ask_question(
        question,
        body.facts,
        as_of=_as_of(body.as_of),
        readings=_readings(body.readings),
        known_on=_known_on(body.known_on),
        book=parts.served.book,
    )
    return told(asked.as_json(_language(body.language) or language))


def _as_of(given: Any) -> str:
    """Return the day as it was given; what is no text is refused by the question's own check."""
    if not isinstance(given, str):
        raise BadFactsError([BadFact("as_of", "is not a day as text; write 2026-04-01")])
    return given


def _readings(given: Mapping[str, Any]) -> dict[str, str]:
    faults = [
        BadFact(f"readings.{name}", "is no text; give the value of a reading")
        for name, value in given.items()
        if not isinstance(value, str)
    ]
    if faults:
        raise BadFactsError(faults)
    return dict(given)


def _known_on(given: Any) -> date | None:
    if given is None:
        return None
    try:
        return parse_day(given if isinstance(given, str) else "")
    except ValueError as error:
        raise BadFactsError([BadFact("known_on", str(error))]) from error


def _language(given: str | None) -> Language | None:
    if given is None:
        return None
    known = {one.value: one for one in Language}
    if given not in known:
        near = difflib.get_close_matches(given[:20], known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; give en or zh"
        raise BadFactsError([BadFact("language", f"is no language of this node{hint}")])
    return known[given]


@router.post(
    "/ask/{question}/many",
    response_model=AnswerRow,
    operation_id="ask_many",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                NDJSON: {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    },
    responses={
        200: {
            "description": "One row of answer for each row of facts, in the same order.",
            "content": {
                NDJSON: {"schema": {"type": "string"}},
                "text/csv": {"schema": {"type": "string"}},
            },
        }
    },
)
async def ask_many(
    question: QuestionName,
    request: Request,
    desk: DeskOf,
    parts: PartsOf,
    language: LanguageOf,
    as_of: Annotated[Line, Query(description="The day asked about.", examples=["2025-09-01"])],
    reading: Annotated[
        list[Line], Query(description="Choose a reading: NAME=VALUE.", max_length=50)
    ] = [],  # noqa: B006 - FastAPI copies the default of a query parameter
    known_on: Annotated[Line | None, Query(description="As known on this day.")] = None,
) -> Response:
    """Answer one question for many subjects: a row of facts in, a row of answer out.

    NDJSON: each line is an object of facts, or `{"id", "facts"}`; the answers
    come as they are ready. CSV: the facts are columns; the answers come when the
    whole file is read. A row that is refused carries its fault.
    """
    from sluicegate.services.bulk import Asking  # numpy: only who asks for many waits for it

    desk.must(Action.QUESTION_ASK)
    one = question_named(question, parts.served.book)
    readings = readings_of(reading)
    asking = Asking(as_of, parts.served.book, readings, _known_on(known_on), language)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "text/csv":
        return await _csv(request, one, asking)
    if media_type in (NDJSON, "application/jsonl", "application/ndjson"):
        await run_in_threadpool(_check, one, asking)
        return TwoWay(_answers(request, one, asking, language), media_type=NDJSON)
    why = say("Send application/x-ndjson or text/csv.")
    raise ProblemError(HttpProblem(ProblemKind.WRONG_MEDIA_TYPE, why))


STREAMED.add("/v1/ask/{question}/many")


def _check(one: Question, asking: Any) -> None:
    """Refuse a day or a reading before the first row is answered."""
    from sluicegate.services.bulk import FactTable, answer_rows

    answer_rows(one, FactTable.of(one.spec.facts, []), asking)


async def _answers(
    request: Request, one: Question, asking: Any, language: Language
) -> AsyncIterator[bytes]:
    """Yield an answer for each line of facts, some thousand at a time."""
    done = 0
    async for lines in _lines(request):
        yield await run_in_threadpool(_answer_lines, one, asking, (lines, done), language)
        done += len(lines)


async def _lines(request: Request) -> AsyncIterator[list[bytes]]:
    """Yield the lines of a body in portions; empty lines are left out."""
    rest = b""
    waiting: list[bytes] = []
    async for part in request.stream():
        *whole, rest = (rest + part).split(b"\n")
        waiting += [line for line in whole if line.strip()]
        if len(rest) > _LONGEST_LINE:
            waiting.append(rest)
            rest = b""
        while len(waiting) >= _AT_ONCE:
            yield waiting[:_AT_ONCE]
            waiting = waiting[_AT_ONCE:]
    if rest.strip():
        waiting.append(rest)
    if waiting:
        yield waiting


def _answer_lines(
    one: Question, asking: Any, part: tuple[list[bytes], int], language: Language
) -> bytes:
    from sluicegate.services.bulk import OUTCOME, FactTable, answer_rows

    lines, done = part
    read = [_subject(line) for line in lines]
    facts = [{} if isinstance(given, BadFactsError) else given for _, given in read]
    answers = answer_rows(one, FactTable.of(one.spec.facts, facts), asking)
    told = []
    for place, (identifier, given) in enumerate(read):
        row: dict[str, Any] = {"row": done + place + 1}
        if identifier is not None:
            row["id"] = identifier
        refused = answers.refusal(place)
        if isinstance(given, BadFactsError):
            row |= {**given.as_json(), "message": faults_text(given.faults, language)}
        elif refused is not None:
            row |= {
                "error": refused.path,
                "errors": [refused.path],
                "message": fault_text(refused.message, language),
            }
        else:
            answer = answers.answer(place)
            row |= {"outcome": answer.pop(OUTCOME, None), "answer": answer}
        told.append(dump_json(row) + "\n")
    return "".join(told).encode()


def _subject(line: bytes) -> tuple[str | None, Any]:
    """Return the id and the facts of a line, or what is wrong with it."""
    try:
        if len(line) > _LONGEST_LINE:
            raise BadFactsError([BadFact("facts", "are too long for one line")])
        given = load_json(line.decode("utf-8"))
    except UnicodeDecodeError:
        return None, BadFactsError([BadFact("facts", "are not UTF-8")])
    except ExactTextError as error:
        return None, BadFactsError([BadFact("facts", str(error))])
    except BadFactsError as error:
        return None, error
    if isinstance(given, dict) and set(given) == {"id", "facts"}:
        return str(given["id"])[:300], given["facts"]
    return None, given


async def _csv(request: Request, one: Question, asking: Any) -> Response:
    folder = await run_in_threadpool(TemporaryDirectory, prefix="sluicegate-many-")
    try:
        source = Path(folder.name) / "facts.csv"
        with source.open("wb") as target:
            async for part in request.stream():
                target.write(part)
        answers = await run_in_threadpool(_answer_file, source, one, asking)
    except BaseException:
        folder.cleanup()
        raise

    async def told() -> AsyncIterator[bytes]:
        try:
            with answers.open("rb") as stream:
                for part in itertools.takewhile(bool, iter(lambda: stream.read(65_536), b"")):
                    yield part
        finally:
            folder.cleanup()

    return StreamingResponse(told(), media_type=CSV)


def _answer_file(source: Path, one: Question, asking: Any) -> Path:
    from sluicegate.services.bulk.files import Layout, answer_file
    from sluicegate.wiring import fact_rows

    target = source.with_name("answers.csv")
    with fact_rows(source, one.spec, layout=Layout.CSV, outcomes=True) as rows:
        answer_file(one, rows, asking, lambda _done: None)
        rows.write(target)
    return target
