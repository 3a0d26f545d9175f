"""No request makes the API fail, and every answer is as the document says: every role, fuzzed."""

from __future__ import annotations

import itertools
import os
import zlib
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from served_api import CALLERS
from sluicegate.api import Api, openapi_document

EXAMPLES = 200 if os.environ.get("SLUICEGATE_LONG") == "1" else 3
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
WHO = sorted(CALLERS)
OPERATIONS = [
    (method, path)
    for path, operations in openapi_document()["paths"].items()
    for method in operations
]


@pytest.fixture(scope="session")
def described(api: Api) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/v1/openapi.json", api)


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: str(part))
def test_no_request_makes_the_api_fail(method: str, path: str, described: BaseSchema) -> None:
    """Each example goes out under one role after the other, so that all of them are tried."""
    turn = itertools.count(zlib.crc32(path.encode()))

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described[path][method].as_strategy())
    def holds(case: Any) -> None:
        who = WHO[next(turn) % len(WHO)]
        case.call_and_validate(headers={"Authorization": f"Bearer {who}"}, checks=list(CHECKS))

    holds()
