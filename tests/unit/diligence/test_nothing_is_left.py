"""After a disposal no file of a node holds the name, and what must keep it is told."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command_line import sluicegate
from kyc_console import kyc_node
from sluicegate.adapters.copies import ERASED_FILE
from sluicegate.cases.filings.filing import FilingState
from sluicegate.cases.filters import Filter
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.kyc.diligence.retention import Records
from sluicegate.services.access.principals import Scope
from sluicegate.services.ports.diligence import Disposal, Tombstone
from sluicegate.services.ports.filings import FilingHead, FilingVersion
from sluicegate.wiring import OpenNode, opened
from tiny_world import AS_OF, AT

WHOM = "A"
NAME = "Corran Vale Compute"
WORDS = (NAME, "corran-vale.example", "CV-7731")
LATER = datetime(2040, 1, 1, 9, tzinfo=UTC)
SCOPE = Scope(DEFAULT_TENANT)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    """Return a node with findings, cases, matches, a record, a report, a pack and a cache."""
    folder = kyc_node(tmp_path_factory.mktemp("left") / "node")
    assert sluicegate("assess", "--node", str(folder), "--as-of", AS_OF.isoformat()).code == 0
    assert sluicegate("report", "--node", str(folder), "--as-of", AS_OF.isoformat()).code == 0
    pack = folder / "validation" / str(DEFAULT_TENANT) / "2026-06-30-v-1"
    pack.mkdir(parents=True)
    (pack / "pairs.csv").write_text(f'"{NAME}",9500\n', encoding="utf-8")
    (folder / "cache").mkdir(exist_ok=True)
    (folder / "cache" / "screened_names_0.bin").write_bytes(NAME.casefold().encode())
    with opened(folder, clock=FixedClock(AT)) as made:
        other = made.store.matches.matches()[0]
        pair = replace(other.pair, party_id=WHOM, name=NAME)
        own = replace(other, match_id="m-left", pair=pair, party_name=NAME)
        made.store.matches.write_matches([own], run_id="r-2", at=AT, by="local:test")
        yield made


@pytest.fixture(scope="module")
def stones(node: OpenNode) -> Sequence[Tombstone]:
    """Return what a disposal of the customer left, after a look at what was there before it."""
    there = {place.split(":")[0] for place in places(node.node.folder.path)}
    assert {"state.db", "reports", "validation", "cache"} <= there
    store = node.store.diligence
    disposal = Disposal("x-1", WHOM, "bank_identity", LATER, "user:officer")
    with node.store.transaction():
        said = store.redaction(WHOM)
        left = [*store.erase(store.erasable(WHOM, tuple(Records)), disposal)]
        left += store.redact(said, disposal)
        node.copies.redact(said, "x-1", DEFAULT_TENANT)
    store.settle()
    return left


def places(folder: Path, words: Sequence[str] = WORDS) -> list[str]:
    """Return each file of a folder, packed ones unpacked, that holds a word in any case."""
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            contents = [file.read_bytes()]
            if file.suffix == ".gz":
                contents = [gzip.decompress(contents[0])]
            elif zipfile.is_zipfile(file):
                with zipfile.ZipFile(file) as archive:
                    contents = [archive.read(name) for name in archive.namelist()]
            lower = b"\n".join(contents).lower()
            place = "/".join(file.relative_to(folder).parts)
            found += [
                f"{place.split('/')[0]}:{place}: {word}"
                for word in words
                if word.lower().encode() in lower
            ]
    return found


def test_no_file_of_the_node_holds_the_name(node: OpenNode, stones: Sequence[Tombstone]) -> None:
    assert places(node.node.folder.path) == []
    told = {one.kept_in for one in stones}
    assert {"customers", "findings", "obligations", "case_events", "match_versions"} <= told


def test_another_customers_name_stands_as_before(
    node: OpenNode, stones: Sequence[Tombstone]
) -> None:
    assert stones
    there = {place.split(":")[0] for place in places(node.node.folder.path, ["Wickham Reed"])}
    assert {"state.db", "reports"} <= there


def test_the_documents_stay_with_their_digests_and_the_proof_holds(
    node: OpenNode, stones: Sequence[Tombstone]
) -> None:
    assert stones
    assert node.store.diligence.faults(WHOM) == ()
    cases = node.store.cases.queue(
        Filter(has_all_states=True, customer=WHOM), SCOPE, who="", after=None, limit=50
    )
    assert cases
    assert {one.subject_name for one in cases if one.subject.endswith(WHOM)} <= {WHOM}
    assert node.store.cases.faults() == []


def test_a_pack_says_which_file_was_another_before(
    node: OpenNode, stones: Sequence[Tombstone]
) -> None:
    assert stones
    pack = node.node.folder.validation / str(DEFAULT_TENANT) / "2026-06-30-v-1"
    assert (pack / "pairs.csv").read_text(encoding="utf-8") == f'"{WHOM}",9500\n'
    assert "pairs.csv · x-1 · " in (pack / ERASED_FILE).read_text(encoding="utf-8")


def test_a_change_after_the_disposal_is_a_fault(
    node: OpenNode, stones: Sequence[Tombstone]
) -> None:
    stone = next(one for one in stones if one.kept_in == "findings")
    change = f"UPDATE findings SET document = '{{}}' WHERE sequence = {stone.row_id}"
    with node.store.engine.begin() as connection:
        connection.exec_driver_sql(change)
    (fault,) = node.store.diligence.faults(WHOM)
    assert str(fault) == f"findings {stone.row_id}: it was changed after its erasing."


def test_a_filing_that_went_out_stays_and_is_named(node: OpenNode) -> None:
    case = node.store.cases.queue(
        Filter(has_all_states=True, customer="c-twin-1"), SCOPE, who="", after=None, limit=1
    )[0]
    for filing_id, states in (
        ("g-filed", (FilingState.DRAFT, FilingState.FILED)),
        ("g-draft", (FilingState.DRAFT,)),
    ):
        _file(node, filing_id, case.case_id, states)
    disposal = Disposal("x-2", "c-twin-1", "bank_identity", LATER, "user:officer")
    stones = node.store.diligence.redact(node.store.diligence.redaction("c-twin-1"), disposal)
    assert sum(one.kept_in == "filing_versions" for one in stones) == 1
    assert node.store.diligence.mentions("c-twin-1").filed == ("g-filed",)
    values = [node.store.filings.find(one, SCOPE) for one in ("g-filed", "g-draft")]
    assert [one.last.values for one in values if one] == [
        {"who": "Wickham Reed"},
        {"who": "c-twin-1"},
    ]


def _file(node: OpenNode, name: str, case_id: str, states: Sequence[FilingState]) -> None:
    head = FilingHead(
        filing_id=name,
        case_id=case_id,
        form_id="note",
        form_digest="d" * 64,
        duty="eu.ai_act.notify_commission",
        obligation="",
        recipient_en="European Commission",
        recipient_zh="欧盟委员会",
        jurisdiction="EU",
        sealed_for=None,
        corrects=None,
        at=AT,
        by="user:ada",
    )
    versions = [
        FilingVersion(
            version=number,
            state=state,
            values={"who": "Wickham Reed"},
            origins={},
            digest="e" * 64,
            reason="",
            at=AT,
            by="user:ada",
            people={},
        )
        for number, state in enumerate(states, 1)
    ]
    node.store.filings.open(head, versions[0], "form: {id: note}\n")
    for one in versions[1:]:
        node.store.filings.add(head, one)
