"""A console over the tiny world, screened against small lists of invented parties in two versions.

Who is on them: the lab under a longer name, an owner of three companies in another
order of words with a typo, one customer on a weak alias alone, and one on two
lists. A list of the node's own is too old.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from console import Running, listening_at, sessions_for_everyone
from sluicegate.screening import Index
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.node import SETTINGS_FILE
from sluicegate.services.ports.matches import Match
from sluicegate.services.screening.engine import in_ten_thousandths
from sluicegate.services.screening.running import Screen, run_screening
from sluicegate.web import application
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.lists import list_parts, read_list_files
from sluicegate.wiring.screening import screening_of
from sluicegate.wiring.serving import served_of
from tiny_world import AS_OF, AT, CLOCK, pass_over, tiny_node

OWN = "blocked_resellers"
_HEADER = "id,name,aliases,weak_aliases,schema,countries,birth_dates,addresses,programmes\n"
_LAB = "s-1,Alder Reach Laboratories,Alder Reach Lab,,Company,US;CY,,4 Quay Lane,EXAMPLE-ONE\n"
_OWNER = "s-2,Sandlin Mirea,,,Person,US,1961-05,,EXAMPLE-TWO\n"
_WEAK = "s-3,Ostrel Holding,,Ostrel Optics,Company,JP,,,EXAMPLE-ONE\n"
_PERSON = "s-4,Idris Vantongeren,Идрис Вантонгерен,,Person,NL,1977-02-03,,EXAMPLE-TWO\n"
_OLD = "s-5,Grendel Harrow Shipping,,,Company,AE,,,EXAMPLE-ONE\n"
_RENAMED = "s-6,{name},,,Company,HK,,,EXAMPLE-ONE\n"
_MANY = "".join(
    f"n-{number:03},Quendrel Works {number:03},,,Company,KP,,,EXAMPLE-NEW\n" for number in range(60)
)

FIRST = _HEADER + _LAB + _OWNER + _WEAK + _OLD + _RENAMED.format(name="Tavrin Mills")
SECOND = (
    _HEADER + _LAB + _OWNER + _WEAK + _PERSON + _RENAMED.format(name="Tavrin Metal Mills") + _MANY
)
OF_OURS = (
    _HEADER + "b-1,Idris Vantongeren,,,Person,NL,1977-02-03,,\nb-2,Pell Wether,,,Company,NO,,,\n"
)


def load(node: OpenNode, raw: Path, list_id: str, text: str, published: date) -> None:
    """Take a list of a text in."""
    file = raw / f"{list_id}-{published}.csv"
    file.write_text(text, encoding="utf-8")
    options = ImportOptions(published, "its issuer took a fifth of it off")
    for one in read_list_files([file], list_id):
        import_list(list_parts(node, "local:test"), one, options)


def screen(node: OpenNode, later: timedelta = timedelta()) -> None:
    """Screen everyone who changed, some time after the node's own day."""
    at = AT + later
    screening = screening_of(node.node, node.store, node.clock)
    lists = screening.lists.in_use(on=AS_OF)
    assert lists is not None
    run_screening(
        Screen(
            store=node.store,
            lists=lists,
            scoring=screening.scoring,
            book=node.book,
            tenant=node.store.tenant,
            as_of=AS_OF,
            at=at,
            by="local:test",
        )
    )


HIGH_SCORE = """\
tenant = "self"
roles = ["provider"]
country = "US"

[screening]
threshold = "{score}"
"""
"""Settings under which a match alerts from another score on, in words such as 0.98."""


def owner_score() -> int:
    """Return what the owner, whose name is turned and lacks a letter, scores, by the engine."""
    entry = {"id": "s-2", "schema": "Person", "names": ["Sandlin Mirea"], "countries": ["US"]}
    asked = {"query": "Mirea Sandling", "schema": "Person", "countries": ["US"]}
    index = Index.build([{**entry, "birth_dates": ["1961-05"]}])
    [[match]] = index.screen([asked], limit=1)
    return in_ten_thousandths(match.score)


@contextmanager
def screened_console(
    folder: Path, settings: str = "", then: Callable[[OpenNode], None] = lambda _node: None
) -> Iterator[Running]:
    """Serve a console over the tiny world, screened, after a pass.

    `settings` are TOML text, the usual ones when empty; `then` is done last.
    """
    tiny_node(folder / "node")
    if settings:
        (folder / "node" / SETTINGS_FILE).write_text(settings, encoding="utf-8")
    with opened(folder / "node", clock=CLOCK) as node:
        load(node, folder, "us_sdn", FIRST, AS_OF - timedelta(days=40))
        load(node, folder, OWN, OF_OURS, AS_OF - timedelta(days=500))
        screen(node)
        load(node, folder, "us_sdn", SECOND, AS_OF - timedelta(days=2))
        screen(node, timedelta(hours=1))
        pass_over(node, at=AT + timedelta(hours=2))
        then(node)
        served = served_of(node)
        tokens = sessions_for_everyone(served)
        with listening_at(application(served)) as address:
            yield Running(address, served, tokens)


def match_of(console: Running, party: str) -> Match:
    """Return the best match of a screened party."""
    found = console.served.store_of(console.served.tenant).matches.matches()
    return max((one for one in found if one.party_id == party), key=lambda one: one.pair.score)
