"""How much of a graph is counted while somebody waits for a page or an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sluicegate.core.reasons import say
from sluicegate.lineage.document import Lineage, Query
from sluicegate.lineage.presumption import presumption_of
from sluicegate.lineage.tallying import AS_THE_SCHEME, Options
from sluicegate.lineage.visitors import SCHEME
from sluicegate.lineage.walking import NOTHING_ADDED, Way, count_behind, places_of
from sluicegate.services.lineage.keeping import LineageError

MOST_WAITED_FOR = 50_000
"""Nodes behind the targets of one request, those behind several once for each of them.

One count of as many takes about a second; a page of a target makes up to ten of them.
"""


class TooMuchBehindError(LineageError):
    """More stands behind what is asked for than is counted while somebody waits."""

    def __init__(self, most: int) -> None:
        super().__init__(
            say(
                "More than {most} nodes lead to what is asked for, too many to be counted"
                " while somebody waits. Ask for fewer targets at once, or use the command"
                " line: {command}",
                most=most,
                command="sluicegate lineage account",
            )
        )


def within_bounds(
    lineage: Lineage,
    queries: Iterable[Query],
    options: Options = AS_THE_SCHEME,
    most: int = MOST_WAITED_FOR,
) -> Iterator[Query]:
    """Yield queries, in order, as long as so many nodes stand behind their targets together.

    Raises GraphError (dangling) naming targets that no node has.
    """
    left = most
    for query in queries:
        added = NOTHING_ADDED
        if options.presume and query.counting_rule == SCHEME:
            added = presumption_of(lineage).added
        way = Way(cuts=False, discards=False, added=added)
        left -= count_behind(lineage, places_of(lineage, query.targets), way, left)
        if left < 0:
            return
        yield query


def refuse_too_much(
    lineage: Lineage,
    queries: Iterable[Query],
    options: Options = AS_THE_SCHEME,
    most: int = MOST_WAITED_FOR,
) -> None:
    """Refuse queries that would be counted for too long.

    Raises:
        TooMuchBehindError: too many nodes stand behind their targets.
        GraphError: a target that no node has (dangling).
    """
    asked = list(queries)
    if sum(1 for _ in within_bounds(lineage, asked, options, most)) < len(asked):
        raise TooMuchBehindError(most)
