"""The command line: parse a request, call one service, render the answer."""

from __future__ import annotations

_STOPPED = 130
"""The exit code of what Ctrl-C ended."""


def main() -> None:
    """Run the command line; Ctrl-C ends it without a traceback, while it starts as well."""
    try:
        from sluicegate.cli.application import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(_STOPPED) from None


__all__ = ["main"]
