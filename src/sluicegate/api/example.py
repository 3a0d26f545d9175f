"""What is sent to one endpoint as its example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Example:
    """What is sent: values of the address and the query, headers, and a body.

    `body` is a document, or text of another media type.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
