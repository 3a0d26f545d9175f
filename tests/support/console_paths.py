"""Every page of the console that can be read, with the parts of its path filled in."""

from __future__ import annotations

PATHS = (
    "/keys",
    "/rules",
    "/rules?as_of=2025-05-13&known_on=2025-01-31&state=in_force",
    "/rules/changes",
    "/rules/changes?from=2025-08-01&to=2025-08-02",
    "/rules/eu.ai_act",
    "/rules/us.bis_affiliates?as_of=2026-11-09",
    "/rules/no.such_text",
)
"""Pages for someone who is signed in; each is looked at in both languages and both looks."""

OPEN_PATHS: tuple[str, ...] = ()
"""Pages for someone who is not."""
