"""A node with owners, links, diligence and a partner to compare with, for pages of all of them.

Everything is invented. The holdings are those of the worked case of
`ownership_graphs`, four of its owners match a listed party, two customers share
a mailbox and a device, and a nominee holds for nobody knows whom.
"""

from __future__ import annotations

from pathlib import Path

from ownership_graphs import WORKED, WORKED_LISTED
from sluicegate.services.detectors.listed_ownership import lists_of
from sluicegate.services.linkage.deciding import find
from sluicegate.services.node import SETTINGS_FILE
from sluicegate.services.ownership.diligence import open_after_pass
from sluicegate.services.ownership.gaps import gaps_of
from sluicegate.services.ownership.showing import Standpoint
from sluicegate.services.ports.matches import Cause, Match, MatchState, Pair
from sluicegate.services.screening.standing import ALERTS, listed_on
from sluicegate.wiring import IntakeOptions, OpenNode, opened, take_in
from sluicegate.wiring.identity import operator_desk
from tiny_world import AS_OF, AT, CLOCK, pass_over, tiny_node

OWN_NAME, PARTNER, OTHER_PARTNER = "Provider A", "Provider B", "Provider C"
SETTINGS = f'''tenant = "self"
roles = ["provider"]
country = "US"

[exchange]
name = "{OWN_NAME}"
partners = ["{PARTNER}", "{OTHER_PARTNER}"]
'''
NAMES = {
    "A": "Corran Vale Compute",
    "B": "Brenholt Holdings",
    "C": "Cardew Mere Partners",
    "D": "Dunmore Quay",
    "E": "Elsker Group",
    "SDN-A": "Varnak Trade House",
    "SDN-B": "Ostmark Freight",
    "SDN-D": "Delgar Shipping",
    "SDN-F": "Fenwald Metals",
    "person-1": "Oda Bramwell",
    "person-2": "Teo Marchbank",
    "trust": "Lindqvale Trust",
}
"""Names of the parties of the worked case."""

CUSTOMERS = """\
source,customer_id,name,customer_kind,country,email,registration_number,stated_purpose
crm,A,Corran Vale Compute,entity,US,office@corran-vale.example,CV-7731,inference serving
crm,c-twin-1,Wickham Reed,entity,US,desk@wickham-reed.example,,
crm,c-twin-2,Harrowgate Pell,entity,US,desk@wickham-reed.example,,
crm,c-veil,Ashcombe Veil,entity,US,,,
"""
SIGNALS = """\
source,customer_id,signal,value,first_seen,last_seen
portal,c-twin-1,device,fingerprint-7,2026-05-01,2026-06-20
portal,c-twin-2,device,fingerprint-7,2026-05-03,2026-06-21
"""
_USED = "mossbank-a,NVIDIA H100 SXM,24000,2026-03-01T00:00:00Z,2026-04-30T00:00:00Z,0.5,"
USAGE = f"""\
source,record_id,customer_id,account,cluster_id,accelerator,accelerator_count,start,end,utilisation,run_id
meter,kyc-1,A,,{_USED}
meter,kyc-2,c-twin-1,,{_USED}
meter,kyc-3,c-twin-2,,{_USED}
"""
"""Each about 6e25 FLOP, below the threshold that two of them pass together."""

VEIL = (
    "register,p-front,c-veil,Merit Fallow,individual,0.5,nominee\n"
    "register,p-open,c-veil,Sable Thorne,individual,0.2,\n"
)
NAMED = frozenset(
    word
    for name in (*NAMES.values(), *(line.split(",")[2] for line in CUSTOMERS.splitlines()))
    for word in name.split()
)
"""Every word of a name of a party of this node."""

GROUP = "linked-c-twin-1"
VEILED = "c-veil"


def kyc_node(folder: Path) -> Path:
    """Make the node in a folder, after a pass, and return it."""
    tiny_node(folder)
    (folder / SETTINGS_FILE).write_text(SETTINGS, encoding="utf-8")
    with opened(folder, clock=CLOCK) as node:
        _take_in(node, folder.parent)
        _match_listed(node)
        pass_over(node)
        find(operator_desk(node), node.book, AS_OF)
        _open_records(node)
    return folder


def _take_in(node: OpenNode, folder: Path) -> None:
    lines = ["source,owner_id,owned_id,owner_name,owner_kind,share,role"]
    for owner, owned, share in WORKED:
        kind = "individual" if owner.startswith("person") else "entity"
        lines.append(f"register,{owner},{owned},{NAMES[owner]},{kind},{share},")
    texts = {
        "kyc-customers.csv": CUSTOMERS,
        "kyc-ownership.csv": "\n".join(lines) + "\n" + VEIL,
        "kyc-account_signals.csv": SIGNALS,
        "kyc-usage.csv": USAGE,
    }
    files = []
    for name, text in texts.items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    assert take_in(node, files, IntakeOptions()).rejected == 0


def _match_listed(node: OpenNode) -> None:
    found = [_match(party, NAMES[party]) for party in WORKED_LISTED]
    node.store.matches.write_matches(found, run_id="r-1", at=AT, by="local:test")


def _match(party: str, name: str) -> Match:
    return Match(
        match_id=f"m-{party.lower()}",
        pair=Pair(party, f"l-{party.lower()}", 9_500, name, name, False, (), (), "names-1"),
        key=f"l-{party.lower()}",
        party_name=name,
        party_schema="Company",
        party_essence="0",
        listed_name=name,
        listed_schema="Company",
        listed_essence="0",
        entries={},
        lists=("us.sdn",),
        factors=(),
        ownership=("sdn",),
        licence_policies=(),
        versions={"us.sdn": "1"},
        threshold=8_000,
        state=MatchState.OPEN,
        epoch=1,
        first_seen=AT,
        cause=Cause.SCORED,
        cause_id="r-1",
    )


def _open_records(node: OpenNode) -> None:
    point = Standpoint.of(node.store, node.book, AS_OF)
    listed = lists_of(listed_on(node.store.matches.matches(states=ALERTS)))
    gaps = gaps_of(point.graph, listed, point.law)
    open_after_pass(node.store, gaps, tenant=node.node.settings.tenant, at=AT, by="local:test")
