"""The build hook of the wheel: it carries htmx, which version control does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from take_htmx import take


class HtmxHook(BuildHookInterface[Any]):
    """Takes the file before a wheel or an archive of the sources is made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Take the file; an editable install takes it by `make` instead."""
        if version != "editable":
            take(Path(self.root))
