"""Read the raw files of real lists and names that the screening benchmark is made of.

They lie outside the project: `../shared/data/screening` beside the checkout, or
a folder given by hand. Nothing of them is kept here. `us/` is public domain,
`negatives/` MIT and public domain, `pairs/` MIT; `nc/` is non-commercial and
only measured on.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "screening"
"""Where the real data lies beside a checkout."""

LEGACY_NULL = "-0-"
_SDN = "Specially Designated Nationals"
_LEGACY_SCHEMAS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_CSL_SCHEMAS = {
    "individual": "Person",
    "entity": "Organization",
    "vessel": "Vessel",
    "aircraft": "Airplane",
}
_WEAK = re.compile(r"(?:a|f|n)\.k\.a\. '(.+?)'(?=[.;]|$)")
_BIRTH = re.compile(r"DOB (?:\d{1,2} )?(?:[A-Z][a-z]{2} )?(\d{4})")
_LEGAL_FORM = re.compile(
    r"ag|bv|co|company|corp|corporation|gmbh|inc|incorporated|limited|llc|lp|ltd|nv|plc|sa"
)


class NoSourceError(Exception):
    """The folder of real data is not there, or lacks a file."""


@dataclass(frozen=True, slots=True)
class Party:
    """One entry of a list, with its names in the issuer's order.

    `schema` is a name of FollowTheMoney; `weak_names` are marked weak by the
    issuer; countries are ISO alpha-2 and birth dates YYYY[-MM[-DD]].
    """

    id: str
    schema: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    source: str = ""

    def as_entity(self) -> Mapping[str, object]:
        """Return what an index is built from."""
        return {
            "id": self.id,
            "schema": self.schema,
            "names": list(self.names),
            "weak_names": list(self.weak_names),
            "countries": list(self.countries),
            "birth_dates": list(self.birth_dates),
        }


@cache
def key_of(name: str) -> str:
    """Return the words of a name, folded and in order of the alphabet: equal keys, same name."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(one for one in folded if not unicodedata.combining(one))
    return " ".join(sorted(re.findall(r"\w+", plain.replace("'", "").replace("’", ""))))


def bare_key_of(name: str) -> str:
    """Return the key without legal forms, by which a clean name is held to be listed."""
    return " ".join(word for word in key_of(name).split() if not _LEGAL_FORM.fullmatch(word))


def script_of(name: str) -> str:
    """Return the script that most letters are in, as Unicode names it; empty without letters."""
    scripts = Counter(unicodedata.name(one, "?").split()[0] for one in name if one.isalpha())
    return scripts.most_common(1)[0][0] if scripts else ""


def _file(folder: Path, name: str) -> Path:
    found = folder / name
    if not found.is_file():
        raise NoSourceError(f"{found}: not there; name the folder of real lists with --data FOLDER")
    return found


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _weak(remarks: str) -> tuple[str, ...]:
    return tuple(_WEAK.findall(remarks))


def _rows(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8", errors="replace", newline="") as opened:
        yield from csv.reader(opened)


def read_csl(folder: Path) -> list[Party]:
    """Read the Consolidated Screening List of 2022-04: an entry each, of thirteen lists.

    The id is `sdn-` with OFAC's number for the SDN list, else `csl-` with the
    number of the row, since some rows share an id. The list does not say which
    names are weak.
    """
    found = []
    with _file(folder, "us/csl_consolidated_2022-04.csv").open(encoding="utf-8") as opened:
        for number, row in enumerate(csv.DictReader(opened)):
            is_sdn = row["source"].startswith(_SDN)
            found.append(
                Party(
                    id=f"sdn-{row['entity_number']}" if is_sdn else f"csl-{number}",
                    schema=_CSL_SCHEMAS.get(row["type"].lower(), "LegalEntity"),
                    names=tuple(dict.fromkeys((row["name"].strip(), *_parts(row["alt_names"])))),
                    countries=_parts(row["nationalities"]),
                    birth_dates=_parts(row["dates_of_birth"]),
                    source="SDN" if is_sdn else row["source"].split(" (")[0],
                )
            )
    return found


def read_sdn_2021(folder: Path) -> list[Party]:
    """Read OFAC's SDN list of 2021-07 with its alternate names; weak ones stand in the remarks."""
    names: dict[str, list[str]] = {}
    about: dict[str, list[str]] = {}
    for row in _rows(_file(folder, "us/sdn_2021-07.csv")):
        if len(row) >= 12:
            names[row[0].strip()] = [row[1].strip()]
            about[row[0].strip()] = row
    for row in _rows(_file(folder, "us/sdn_alt_2021-07.csv")):
        if len(row) >= 4 and row[0].strip() in names:
            names[row[0].strip()].append(row[3].strip())
    return [
        Party(
            id=f"sdn-{number}",
            schema=_LEGACY_SCHEMAS.get(about[number][2].strip(), "Organization"),
            names=tuple(dict.fromkeys(own)),
            weak_names=_weak(about[number][11]),
            birth_dates=tuple(_BIRTH.findall(about[number][11])),
            source="SDN",
        )
        for number, own in names.items()
    ]


def read_sdn_2023(folder: Path) -> list[Party]:
    """Read OFAC's SDN list of 2023-01: primary names, and the weak ones of the remarks."""
    found = []
    for row in list(_rows(_file(folder, "us/sdn_2023-01.csv")))[1:]:
        if not row[0].strip().isdigit():
            continue
        found.append(
            Party(
                id=f"sdn-{row[0].strip()}",
                schema=_LEGACY_SCHEMAS.get(row[2].strip(), "Organization"),
                names=(row[1].strip(),),
                weak_names=_weak(row[11]),
                birth_dates=tuple(_BIRTH.findall(row[11])),
                source="SDN",
            )
        )
    return found


def read_eu_journal(folder: Path) -> list[Party]:
    """Read the EU's lists as printed in the Official Journal; rows of one name are one party.

    Only to measure on: the folder `nc/` has a non-commercial licence.
    """
    files = sorted((folder / "nc" / "eu_journal").glob("*.csv"))
    if not files:
        raise NoSourceError(f"{folder}/nc/eu_journal: no CSV file there; give --data FOLDER")
    merged: dict[tuple[str, str], dict[str, list[str]]] = {}
    for file in files:
        with file.open(encoding="utf-8") as opened:
            for row in csv.DictReader(opened):
                _merge_eu_row(merged, row)
    return [
        Party(
            id=f"eu-{number}",
            schema=one["schema"][0],
            names=tuple(dict.fromkeys(one["names"])),
            weak_names=tuple(dict.fromkeys(one["weak"])),
            source="EU",
        )
        for number, one in enumerate(merged.values())
    ]


def _merge_eu_row(
    merged: dict[tuple[str, str], dict[str, list[str]]], row: Mapping[str, str]
) -> None:
    schema = row["schema"] or "LegalEntity"
    name = _tidy(row["name"])
    if not key_of(name) or schema == "Asset":
        return
    kind = schema if schema in ("Person", "Vessel") else "LegalEntity"
    one = merged.setdefault((kind, key_of(name)), {"schema": [], "names": [], "weak": []})
    one["schema"].append(schema)
    one["names"] += [name, *_eu_names(row["alias"]), *_eu_names(row["previousName"])]
    one["weak"] += _eu_names(row["weakAlias"])


def _tidy(name: str) -> str:
    return name.strip().strip("*").strip()


def _eu_names(text: str) -> list[str]:
    """Split a cell of names at `;`, at ` / `, and where brackets at the end hold another name."""
    found = []
    for part in re.split(r";| / ", text):
        match = re.fullmatch(r"(.{3,}?)\s*\(([^()]{3,})\)", part.strip())
        inner = match[2] if match else ""
        is_name = match and (" " in inner.strip() or script_of(inner) != script_of(match[1]))
        found += [_tidy(one) for one in ((match[1], inner) if match and is_name else (part,))]
    return [name for name in found if len(key_of(name)) > 1]


def read_clean(folder: Path) -> list[tuple[str, str]]:
    """Read names that are not listed, each with its schema: persons of two sets, SEC companies."""
    found: list[tuple[str, str]] = []
    for file in ("persons_global_dev.csv", "persons_us_dev.csv"):
        with _file(folder, f"negatives/{file}").open(encoding="utf-8") as opened:
            found += [(row["full_name"], "Person") for row in csv.DictReader(opened)]
    companies = _file(folder, "negatives/companies_sec_dev.txt").read_text(encoding="utf-8")
    found += [(line.strip(), "Company") for line in companies.splitlines() if line.strip()]
    return list(dict.fromkeys(found))


def read_pairs(folder: Path) -> list[Mapping[str, str]]:
    """Read the labelled pairs: columns schema, name1, name2, is_match, category, case_group."""
    with _file(folder, "pairs/name_pairs_dev.csv").open(encoding="utf-8") as opened:
        return list(csv.DictReader(opened))
