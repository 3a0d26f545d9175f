"""`sluicegate exchange`: compare with another provider who crosses a threshold together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.exact import load_json
from sluicegate.core.reasons import say as reason
from sluicegate.kyc.joint_compute import TermsError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.exchange.messages import Answer, Basis, Offer
from sluicegate.services.exchange.reading import comparison, comparisons
from sluicegate.services.exchange.sessions import (
    ELEMENTS,
    LEVELS,
    Exchange,
    ExchangeRefusedError,
)
from sluicegate.services.ports.exchange import (
    NoIntersectionError,
    SessionChangedError,
    UnreadableMessageError,
)
from sluicegate.wiring import OpenNode
from sluicegate.wiring.exchange import exchange_at, intersection

app = typer.Typer(
    no_args_is_help=True,
    help="Compare with another provider who crosses a threshold together, and nothing else.",
)

_LISTED = ["session", "side", "state", "partner", "as_of", "proposed_by", "approved_by", "at"]
_FOUND = ["party", "partner", "own_flop", "other_flop_at_least", "session"]
_MOST_BYTES = 256 * 2**20

SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="Id of a comparison.")]
BasisOption = Annotated[
    str, typer.Option("--basis", help="The law on which customers may be compared, in words.")
]
ReferenceOption = Annotated[str, typer.Option("--reference", help="The citation of that law.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the record.")]


@contextmanager
def _at(node: Path) -> Iterator[tuple[OpenNode, Exchange]]:
    """Open a node for a command; what cannot be done ends the command with the reason."""
    with node_at(node) as opened, desk_of(opened) as desk:
        try:
            yield opened, exchange_at(opened, desk)
        except (UnreadableMessageError, TermsError, NotFoundError) as error:
            leave(Exit.USAGE, str(error))
        except (ExchangeRefusedError, RefusedError, SessionChangedError) as error:
            leave(Exit.REFUSED, str(error))
        except NoIntersectionError as error:
            leave(Exit.UNAVAILABLE, str(error))


@app.command()
def propose(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Whom to ask.")],
    basis: BasisOption,
    reference: ReferenceOption,
    as_of: AsOfOption = None,
    levels: Annotated[
        int, typer.Option("--levels", help="Steps into which the threshold is cut.")
    ] = LEVELS,
    elements: Annotated[
        int, typer.Option("--elements", help="Size to which both sets are filled up.")
    ] = ELEMENTS,
    node: NodeOption = HERE,
) -> None:
    """Propose to ask a partner; a second person approves in the console, and takes the offer there.

    Example: sluicegate exchange propose "Provider B" --basis "..." --reference "..." --node my-node
    """
    with _at(node) as (opened, exchange):
        day = day_option(as_of, "--as-of") or opened.clock.now().date()
        said = Basis(basis, reference)
        made = exchange.propose(partner, day, said, levels=levels, elements=elements)
    say(f"{made.session}: proposed; a second person approves it in the console, under Exchange")


@app.command()
def receive(
    file: Annotated[Path, typer.Argument(metavar="OFFER", help="The offer of a partner.")],
    basis: BasisOption,
    reference: ReferenceOption,
    node: NodeOption = HERE,
) -> None:
    """Take a partner's offer in; a second person approves the answer in the console.

    Example: sluicegate exchange receive offer.json --basis "..." --reference "..." --node my-node
    """
    with _at(node) as (_, exchange):
        made = exchange.receive(Offer.of(_message(file)), Basis(basis, reference))
    say(f"{made.session}: taken in; a second person approves its answer in the console")


@app.command()
def finish(
    file: Annotated[Path, typer.Argument(metavar="ANSWER", help="The answer of the partner.")],
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Read the answer to an offer: who crosses the threshold together.

    Example: sluicegate exchange finish answer.json --node my-node
    """
    with _at(node) as (_, exchange):
        answer = Answer.of(_message(file))
        exchange.finish(answer.terms.session, answer, intersection())
        rows = comparison(exchange.desk, answer.terms.session)["found"]
    write_rows(rows, _FOUND, form)


@app.command("list")
def list_(node: NodeOption = HERE, form: FormatOption = Format.TABLE) -> None:
    """List comparisons, the newest first.

    Example: sluicegate exchange list --node my-node
    """
    with _at(node) as (_, exchange):
        rows = comparisons(exchange.desk)
    write_rows(rows, _LISTED, form)


@app.command()
def show(session: SessionArgument, node: NodeOption = HERE) -> None:
    """Show a comparison: its terms, its legal basis, its history, and what it found.

    Example: sluicegate exchange show SESSION --node my-node
    """
    with _at(node) as (_, exchange):
        document = comparison(exchange.desk, session)
    write_json(document)


@app.command()
def withdraw(session: SessionArgument, reason: ReasonOption, node: NodeOption = HERE) -> None:
    """End a comparison that is not finished; what was blinded for it is forgotten.

    Example: sluicegate exchange withdraw SESSION --reason "asked by mistake" --node my-node
    """
    with _at(node) as (_, exchange):
        exchange.withdraw(session, reason)
    say(f"{session}: withdrawn")


def _message(file: Path) -> Any:
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise UnreadableMessageError(
                file.name, reason("It has over {most} bytes; it is no message.", most=_MOST_BYTES)
            )
        return load_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        leave(Exit.USAGE, f"{file}: {error.strerror}; check the path")
    except ValueError as error:
        told = reason("It is no JSON; give the message as it came.")
        raise UnreadableMessageError(file.name, told) from error
