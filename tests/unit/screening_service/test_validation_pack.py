"""What a validation pack measures: names found, pairs below, who is covered, and what it tells."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest

from principals import principal
from screening_fakes import (
    DAY,
    ScreeningBench,
    customer,
    entry,
    fake_engine,
    in_use,
    listed_party,
    owner,
)
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.adapters.report.validation import (
    DIGESTS,
    manifest_of,
    pack_files,
    pack_page,
    pack_zip,
)
from sluicegate.core.clock import FixedClock
from sluicegate.core.phrases import Language
from sluicegate.demo.draws import Draws
from sluicegate.screening.entries import Schema
from sluicegate.screening.known_lists import known_list
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import Baseline
from sluicegate.services.ports.validation import SampleVerdict
from sluicegate.services.screening.engine import ListsInUse, Scoring
from sluicegate.services.screening.validation.changes import Validator
from sluicegate.services.screening.validation.completeness import (
    Coverage,
    NameFault,
    completeness,
    fault_of,
)
from sluicegate.services.screening.validation.covered_sections import Watch
from sluicegate.services.screening.validation.detection import detect, drawn_names
from sluicegate.services.screening.validation.names import NameKind, written
from sluicegate.services.screening.validation.pack import (
    NoListError,
    Pack,
    PackRequest,
    keep_pack,
    make_pack,
)
from sluicegate.services.screening.validation.replaying import past_of
from sluicegate.services.screening.validation.sampling import (
    VerdictRefusedError,
    judge,
    reviews,
    samples_shown,
)
from sluicegate.services.screening.validation.shares import Share

AUTHORITY = CedarAuthority(shipped_statements())
LISTED = in_use(
    listed_party("lp-1", entry("1", "Ivo Marrant Sorrel", weak=["Marro"])),
    listed_party("lp-2", entry("2", "Лена Квист")),
    listed_party("lp-3", entry("3", "Quórvane Trading", list_id="eu_fsf", schema=Schema.COMPANY)),
)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("Ivo Marrant", NameKind.EXACT, "Ivo Marrant"),
        ("MARRANT, Ivo", NameKind.WORDS_TURNED, "MARRANT Ivo"),
        ("Ivo Marrant", NameKind.WORDS_JOINED, "IvoMarrant"),
        ("Ivo Lena Marrant", NameKind.WORD_LEFT_OUT, "Ivo Marrant"),
        ("Ivo Marrant", NameKind.INITIAL, "I. Marrant"),
        ("Quórvane", NameKind.MARKS_LEFT_OUT, "Quorvane"),
        ("Лена Квист", NameKind.IN_LATIN, "Lena Kvist"),
        ("Shchuka", NameKind.IN_CYRILLIC, "Щука"),
        ("Ivo", NameKind.WORDS_TURNED, None),
        ("Ivo Marrant", NameKind.WORD_LEFT_OUT, None),
        ("Ivo Marrant", NameKind.MARKS_LEFT_OUT, None),
        ("Ivo Marrant", NameKind.IN_LATIN, None),
        ("Лена", NameKind.IN_CYRILLIC, None),
        ("Ivo", NameKind.LETTER_LEFT_OUT, None),
        ("123 !", NameKind.LETTER_CHANGED, None),
        ("", NameKind.IN_CYRILLIC, None),
    ],
)
def test_a_name_is_written_another_way(name: str, kind: NameKind, expected: str | None) -> None:
    assert written(name, kind, Draws(3), is_person=True) == expected


@pytest.mark.parametrize(
    ("kind", "longer"),
    [
        (NameKind.LETTER_LEFT_OUT, -1),
        (NameKind.LETTER_DOUBLED, 1),
        (NameKind.LETTERS_SWAPPED, 0),
        (NameKind.LETTER_CHANGED, 0),
    ],
)
@pytest.mark.parametrize("seed", range(20))
def test_a_slip_of_a_letter_is_one_slip(kind: NameKind, longer: int, seed: int) -> None:
    changed = written("Ivo Marrant", kind, Draws(seed), is_person=True)
    if changed is None:
        assert kind in (NameKind.LETTERS_SWAPPED, NameKind.LETTER_CHANGED)
        return
    assert len(changed) == len("Ivo Marrant") + longer
    assert changed.startswith("Ivo M")
    assert changed != "Ivo Marrant"


def test_the_same_seed_draws_the_same_names_and_another_list_moves_none() -> None:
    parties = list(LISTED.parties.values())
    first = drawn_names(parties, 5, 2)
    assert first == drawn_names(reversed(parties), 5, 2)
    alone = drawn_names([one for one in parties if "us_sdn" in one.lists], 5, 2)
    assert [one for one in first if one.list_id == "us_sdn"] == alone
    many = [listed_party(f"lp-{n}", entry(str(n), f"Ivo Marrant{n}")) for n in range(40)]
    assert drawn_names(many, 1, 3) != drawn_names(many, 2, 3)


def test_names_are_found_by_kind_and_by_list() -> None:
    scored = Scoring(fake_engine).index(LISTED.parties.values())
    found = detect(scored, LISTED, 1, 10)
    kinds = found.by_kind()
    assert kinds[NameKind.EXACT] == Share(3, 3)
    assert kinds[NameKind.WEAK] == Share(1, 1)
    assert kinds[NameKind.WORDS_TURNED] == Share(3, 3)
    assert kinds[NameKind.IN_LATIN].hits == 0
    assert ("eu_fsf", NameKind.EXACT) in found.by_list()
    (turned,) = [one for one in found.tried if one.name.listed_id == "lp-1"
                 and one.name.kind is NameKind.WORDS_TURNED]  # fmt: skip
    assert (turned.score, turned.is_found) == (10_000, True)
    (latin,) = [one for one in found.tried if one.name.kind is NameKind.IN_LATIN]
    assert not latin.is_found


def test_a_share_says_how_sure_it_is() -> None:
    low, high = Share(95, 100).bounds or (0, 0)
    assert (round(float(low), 4), round(float(high), 4)) == (0.8882, 0.9785)
    assert Share(0, 0).bounds is None
    assert (Share(0, 10).bounds or (1, 1))[0] == 0


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("", NameFault.EMPTY),
        (" \u200b\t", NameFault.EMPTY),
        ("N/A", NameFault.PLACEHOLDER),
        ("n.a.", NameFault.PLACEHOLDER),
        ("-", NameFault.PLACEHOLDER),
        ("???", NameFault.PLACEHOLDER),
        ("XXXXXXX", NameFault.PLACEHOLDER),
        ("ＴＥＳＴ", NameFault.PLACEHOLDER),
        ("Unknown", NameFault.PLACEHOLDER),
        ("未知", NameFault.PLACEHOLDER),
        ("MÃ¼ller", NameFault.BROKEN_ENCODING),
        ("M\ufffdller", NameFault.BROKEN_ENCODING),
        ("Ivo\x07Marrant", NameFault.CONTROL_CHARACTERS),
        ("12 34", NameFault.NO_LETTERS),
        ("Nathan Test", None),
        ("Xi", None),
        ("Müller", None),
        ("张伟", None),
        ("Лена", None),
    ],
)
def test_a_name_that_nothing_finds_is_told(name: str, fault: NameFault | None) -> None:
    assert fault_of(name) is fault


@dataclass
class PackBench:
    """A bench with lists, and a validator at an analyst's desk."""

    bench: ScreeningBench = field(default_factory=lambda: ScreeningBench(LISTED))

    def known(self, *, on: date, known_on: datetime | None) -> ListsInUse | None:
        """The lists that every moment knows."""
        return self.bench.lists

    def desk(self, role: str = "analyst") -> Desk:
        who = replace(principal(role), tenant=self.bench.store.tenant)
        self.bench.at += timedelta(minutes=1)
        return Desk(who, self.bench.store, AUTHORITY, FixedClock(self.bench.at))

    def make(self, role: str = "analyst", seed: int = 1) -> Pack:
        validator = Validator(self.desk(role), self, Scoring(fake_engine, self.bench.threshold))
        request = PackRequest(seed, "harbour", "0", names=5, sample=5)
        return make_pack(validator, Watch(known_list, 24), request)


@pytest.fixture
def made() -> PackBench:
    found = PackBench()
    found.bench.put(
        "customers",
        customer("c-1", "Ivo Marrant Sorrel"),
        customer("c-2", "Ivo Marrant Other"),
        customer("c-3", "N/A"),
        customer("c-4", "Lena Closed", closed="2026-01-01"),
    )
    found.bench.put(
        "ownership",
        owner("p-1", "c-1", "Mirea Sandling"),
        owner("p-2", "c-1", "Mirea Ended", valid_to="2026-02-01"),
        owner("p-3", "c-4", "Mirea Closed"),
    )
    found.bench.threshold = 5_500
    found.bench.run()
    return found


def test_every_record_is_screened_or_has_its_reason(made: PackBench) -> None:
    past = past_of(made.bench.store, made, DAY, None)
    baseline = made.bench.store.matches.baseline()
    found = completeness(made.bench.store, past.screened, baseline, {"a.csv": 2}, on=DAY)
    said = {one.party_id: one.coverage for one in found.records}
    assert said == {
        "c-1": Coverage.SCREENED,
        "c-2": Coverage.SCREENED,
        "c-3": Coverage.SCREENED,
        "c-4": Coverage.CLOSED,
        "p-1": Coverage.SCREENED,
        "p-2": Coverage.NOT_IN_FORCE,
        "p-3": Coverage.ABOVE_NOBODY,
    }
    assert [one.party_id for one in found.faults()] == ["c-3"]
    assert (found.waiting, found.unknown, found.rejected) == ((), (), {"a.csv": 2})
    fresh = completeness(made.bench.store, past.screened, Baseline(), {}, on=DAY)
    assert fresh.waiting == ("c-1", "c-2", "c-3", "p-1")


def test_a_record_that_should_be_screened_and_is_not_is_told(made: PackBench) -> None:
    past = past_of(made.bench.store, made, DAY, None)
    parties = {
        key: replace(party, names=("Another Name",)) if key in ("c-1", "p-1") else party
        for key, party in past.screened.parties.items()
    }
    screened = replace(past.screened, parties=parties)
    found = completeness(made.bench.store, screened, Baseline(), {}, on=DAY)
    missed = {one.party_id for one in found.records if one.coverage is Coverage.MISSED}
    assert (missed, found.missed) == ({"c-1", "p-1"}, 2)
    assert made.make().kept.figures["missed_records"] == 0


def test_a_program_can_read_every_part_without_knowing_the_product(made: PackBench) -> None:
    document = json.loads(pack_files(made.make())["pack.json"])
    assert document["about"]["Seed"] == "1"
    for name, part in document["parts"].items():
        assert part["title"], name
        assert all(part["columns"].values()), name
        rows = part["rows"] if isinstance(part["rows"], list) else []
        assert all(set(row) == set(part["columns"]) for row in rows), name
    names = document["parts"]["detection_by_kind"]["said"]
    assert any("seed 1" in one for one in names)


def test_a_name_that_was_missed_and_one_that_alerts_falsely_are_listed() -> None:
    lists = in_use(
        listed_party("lp-1", entry("1", "Ivo Quist")),
        listed_party("lp-2", entry("2", "Lena Sorrel")),
        listed_party("lp-3", entry("3", "Лена Квист")),
    )
    found = detect(Scoring(fake_engine, 3_000).index(lists.parties.values()), lists, 1, 10)
    assert {one.name.kind for one in found.tried if not one.is_found} >= {NameKind.IN_LATIN}
    assert len(found.strangers) == found.recombined.hits > 0
    for one in found.strangers:
        assert one.listed_name == lists.parties[one.listed_id].name
        assert one.score >= 3_000


def test_a_sample_below_is_reviewed_and_the_next_pack_tells(made: PackBench) -> None:
    pack = made.make()
    (drawn,) = pack.samples
    assert (drawn.party_id, drawn.listed_id, drawn.score) == ("c-2", "lp-1", 5_000)
    keep_pack(made.desk(), pack, "ab")
    past = past_of(made.bench.store, made, DAY, None)
    (shown,) = samples_shown(made.desk("auditor"), past.screened, past.lists)
    assert (shown.party_name, shown.listed_name) == (
        "Ivo Marrant Other",
        "Ivo Marrant Sorrel",
    )
    assert not shown.has_changed
    assert shown.verdict is None
    (row,) = next(one for one in pack.sections if one.name == "below_threshold").cells()
    assert row["why"]
    with pytest.raises(VerdictRefusedError):
        judge(made.desk(), drawn.sample_id, SampleVerdict.SAME, " ")
    with pytest.raises(NotFoundError):
        judge(made.desk(), "s-none", SampleVerdict.DIFFERENT, "")
    with pytest.raises(RefusedError):
        judge(made.desk("auditor"), drawn.sample_id, SampleVerdict.DIFFERENT, "")
    judge(made.desk(), drawn.sample_id, SampleVerdict.UNCLEAR, "")
    judge(made.desk("reviewer"), drawn.sample_id, SampleVerdict.SAME, "the same birth date")
    (told,) = reviews(made.bench.store.validation)
    assert (told.drawn, told.waiting, told.unclear, told.missed) == (1, 0, 0, Share(1, 1))
    later = next(one for one in made.make().sections if one.name == "reviews")
    (row,) = later.cells()
    assert (row["pack"], row["hits"], row["of"]) == (pack.kept.pack_id, "1", "1")


def test_a_pack_is_whole_checks_itself_and_speaks_both_languages(made: PackBench) -> None:
    pack = made.make()
    files = pack_files(pack)
    lines = files[DIGESTS].decode().splitlines()
    assert {line.split("  ")[1] for line in lines} == set(files) - {DIGESTS}
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
    document = json.loads(files["pack.json"])
    assert document["figures"]["name_faults"] == 1
    assert {f"{one.name}.csv" for one in pack.sections} <= set(files)
    (fault,) = csv.DictReader(io.StringIO(files["name_faults.csv"].decode()))
    assert (fault["party"], fault["fault"]) == ("c-3", "placeholder")
    chinese = pack_page(pack, Language.ZH)
    assert 'lang="zh-Hans"' in chinese
    heads = re.findall(r"<(?:h1|h2[^>]*|th scope=.col.)>([^<]+)<", chinese)
    assert heads
    assert [one for one in heads if not re.search(r"[\u4e00-\u9fff]|SHA-256", one)] == []
    assert "Ivo Marrant Other" in pack_page(pack, Language.EN)
    with zipfile.ZipFile(io.BytesIO(pack_zip(files))) as archive:
        assert set(archive.namelist()) == set(files)
    assert pack_zip(files) == pack_zip(files)


def test_the_same_seed_gives_the_same_figures(made: PackBench) -> None:
    first, again = made.make(), made.make()
    assert first.kept.figures == again.kept.figures
    names, later = (
        next(one for one in pack.sections if one.name == "test_names") for pack in (first, again)
    )
    assert names.cells() == later.cells()


def test_only_counts_and_digests_of_a_pack_stay_on_the_node(made: PackBench) -> None:
    pack = made.make()
    kept = keep_pack(made.desk(), pack, manifest_of(pack_files(pack)))
    assert made.bench.store.validation.packs()[0] == kept
    (act,) = [one for one in made.bench.store.acts() if one.name == "validation pack made"]
    text = act.canonical.decode() + json.dumps(dict(kept.figures)) + repr(pack.samples)
    assert not re.search("Marrant|Sandling|Quist", text)
    assert json.loads(act.canonical)["record"]["manifest"] == kept.manifest


def test_who_may_not_and_a_node_without_lists_make_no_pack(made: PackBench) -> None:
    for role in ("auditor", "engineer", "viewer", "administrator"):
        with pytest.raises(RefusedError):
            made.make(role)
    made.bench.lists = in_use()
    with pytest.raises(NoListError):
        made.make()


def test_a_time_without_a_run_and_a_party_that_waits_are_told(made: PackBench) -> None:
    made.bench.put("customers", customer("c-9", "New Comer"))
    made.bench.at += timedelta(hours=60)
    pack = made.make()
    parts = {one.name: one for one in pack.sections}
    assert len(parts["gaps"].rows) == 1
    assert pack.kept.figures["waiting"] == 1
