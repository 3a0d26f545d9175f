"""Build the tables of the screening engine from public-domain lists and synthetic names.

    python tools/train_screening.py rarity FOLDER    # writes data/screening/rarity.txt
    python tools/train_screening.py fit FOLDER       # writes data/screening/coefficients.yaml

FOLDER holds `us/`, `negatives/` and `pairs/` as docs/screening-protocol.md names
them; a folder `nc/` beside them is never read. `fit` learns from TRAIN alone and
prints what DEV says. Either changes the algorithm's digest: every score may move,
so replay history before you release it (`sluicegate screening validate`).
"""

from __future__ import annotations

import argparse
import csv
import math
import string
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "support"))

from arabic_letters import in_arabic, is_of_arabic_letters  # noqa: E402
from boosted_trees import Plan, Tree, grown  # noqa: E402
from screening_perturbed import KINDS, natural, perturbed  # noqa: E402
from screening_sets import Part, Query, Split, load_pairs, load_us, split_of  # noqa: E402
from screening_sources import (  # noqa: E402
    bare_key_of,
    read_csl,
    read_sdn_2021,
    read_sdn_2023,
    script_of,
)
from sluicegate.screening.index import SCHEMAS, setting_of  # noqa: E402
from sluicegate.screening.interplay import FILE, THOUSANDTHS, written  # noqa: E402
from sluicegate.screening.model import NEAR, SIGNS, Setting, features, measures, model  # noqa: E402
from sluicegate.screening.names import lay_out  # noqa: E402
from sluicegate.screening.normal import normalise  # noqa: E402
from sluicegate.screening.pairing import Pairs, Postings  # noqa: E402
from sluicegate.screening.scripts import VOWELLESS  # noqa: E402
from sluicegate.screening.vocabulary import Kind  # noqa: E402

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DATA = ROOT / "src" / "sluicegate" / "data" / "screening"
LEAST_COUNT = 2
MOST_HALF_BITS = 28
ROUNDS, STEPS, RIDGE = 4, 500, 0.0002
Weights = Mapping[str, float]
ALONE: Weights = {"clean": 3.0, "found": 1.0, "alias": 3.0, "pairs": 0.3, "changed": 0.1}
"""Weight of each kind of example for features, and of an alias beside a perturbed name."""
TOGETHER: Weights = {"clean": 6.0, "found": 2.0, "alias": 6.0, "pairs": 0.1, "changed": 0.05}
"""The same for measures that are looked at together."""
MORE_PERTURBED, MIXED, CHANGED = 8000, 6000, 3000
ARABIC = 600
ENOUGH = 0.005
"""How far below the best an F1 of labelled pairs may lie."""
TREES = Plan(trees=240, depth=5, rate=0.1, ridge=5.0)
CLEAN_A_NAME = 5
"""Parties of each clean name that measures are looked at together of, the nearest first."""
HELD: Mapping[str, float] = {"numbers_differ": -4.0}
"""Figures set by judgement: a 46th institute is not the 47th, and too few examples say so."""
UNSIGNED = ("base", "organisation", "one_word_each", "two_words", "initials")
RAISING = ("matched", "covered", "whole", "same", "forms_same", "rarest")


def corpora(folder: Path) -> Iterator[list[list[str]]]:
    """Yield groups of names of one party: listed ones, companies, persons of two sets."""
    parties: dict[str, list[str]] = defaultdict(list)
    for one in (*read_csl(folder), *read_sdn_2021(folder), *read_sdn_2023(folder)):
        parties[one.id] += one.names
    for file, column in (("cons_prim", 1), ("cons_alt", 3)):
        with (folder / "us" / f"{file}_2025-12.csv").open(encoding="utf-8") as opened:
            for row in csv.reader(opened):
                if len(row) > column:
                    parties[f"cons-{row[0].strip()}"].append(row[column])
    yield list(parties.values())
    companies = (folder / "negatives" / "companies_sec_dev.txt").read_text(encoding="utf-8")
    yield [[line.strip()] for line in companies.splitlines() if line.strip()]
    for file in ("persons_global_dev.csv", "persons_us_dev.csv"):
        with (folder / "negatives" / file).open(encoding="utf-8") as opened:
            yield [[row["full_name"]] for row in csv.DictReader(opened)]


def write_rarity(folder: Path) -> None:
    """Write how rare words are: of each word the largest share of any corpus, in half bits."""
    shares: dict[str, float] = defaultdict(float)
    total: Counter[str] = Counter()
    for groups in corpora(folder):
        count: Counter[str] = Counter()
        for names in groups:
            parts = (part for name in names for part in normalise(name).parts)
            count.update({part.text for part in parts if part.kind is Kind.WORD})
        for word, times in count.items():
            total[word] += times
            shares[word] = max(shares[word], times / len(groups))
    levels: dict[int, list[str]] = defaultdict(list)
    for word, times in total.items():
        level = round(-2 * math.log2(shares[word]))
        if times >= LEAST_COUNT and level <= MOST_HALF_BITS and VOWELLESS not in word:
            levels[level].append(word)
    lines = [" ".join([str(level), *sorted(levels[level])]) for level in sorted(levels)]
    head = "# Half bits of rarity, then the words that rare. Built by tools/train_screening.py."
    (DATA / "rarity.txt").write_text("\n".join([head, *lines]) + "\n", encoding="ascii")
    _say(f"{sum(map(len, levels.values())):,} words")


@dataclass(frozen=True)
class Compared:
    """Names asked for beside listed names: amounts of features and measures, a row a pair."""

    amounts: Floats
    measured: Floats
    asked: Ints
    owner: Ints
    is_right: NDArray[np.bool_]


class Bed:
    """A list, and names compared with it."""

    def __init__(self, part: Part) -> None:
        listed = [
            (place, name, is_weak)
            for place, one in enumerate(part.parties)
            for names, is_weak in ((one.names, False), (one.weak_names, True))
            for name in names
        ]
        self.ids = [one.id for one in part.parties]
        self.owner = np.array([place for place, _, _ in listed], dtype=np.int64)
        self.is_weak = np.array([is_weak for _, _, is_weak in listed], dtype=bool)
        self.kinds = np.array([SCHEMAS[one.schema] for one in part.parties], dtype=np.int64)
        self.postings = Postings(lay_out([normalise(name) for _, name, _ in listed]))

    def compare(self, queries: Sequence[Query]) -> Compared:
        """Compare names with their candidates."""
        amounts, measured, asked, owner, is_right = [], [], [], [], []
        for start in range(0, len(queries), 250):
            batch = queries[start : start + 250]
            pairs = self.postings.pair(lay_out([normalise(one.text) for one in batch]))
            kinds = np.array([SCHEMAS[one.schema] for one in batch], dtype=np.int64)
            owners = self.owner[pairs.listed]
            setting = setting_of(kinds[pairs.asked], self.kinds[owners], self.is_weak[pairs.listed])
            one, other = _amounts(pairs, setting)
            amounts.append(one)
            measured.append(other)
            asked.append(pairs.asked + start)
            owner.append(owners)
            is_right += [
                self.ids[at] in batch[query].answers
                for query, at in zip(pairs.asked.tolist(), owners.tolist(), strict=True)
            ]
        return Compared(
            np.concatenate(amounts), np.concatenate(measured), np.concatenate(asked),
            np.concatenate(owner), np.array(is_right, dtype=bool),
        )  # fmt: skip


def _amounts(pairs: Pairs, setting: Setting) -> tuple[Floats, Floats]:
    """Return the amounts of features and those of the measures that `SIGNS` names."""
    measured = measures(pairs, setting)
    amounts = np.stack([amount for _, amount in features(measured)], axis=1)
    return amounts, np.stack([measured[name] for name in SIGNS], axis=1)


def feature_names() -> list[str]:
    """Return the names of features in their order."""
    one = lay_out([normalise("a name")])
    pairs = Postings(one).pair(one)
    none = np.zeros(len(pairs.asked), dtype=np.int64)
    return [name for name, _ in features(measures(pairs, setting_of(none, none, none > 0)))]


@dataclass(frozen=True)
class Labelled:
    """Pairs (asked, listed) that are told to match or not; those that share no word are left out.

    `told` has the place of each row among the pairs that were given.
    """

    amounts: Floats
    measured: Floats
    matches: Floats
    told: Ints


def compare_pairs(pairs: Sequence[tuple[str, str, str]], matches: Sequence[bool]) -> Labelled:
    """Compare pairs (asked, listed, schema)."""
    amounts, measured, told = [], [], []
    for start in range(0, len(pairs), 400):
        batch = pairs[start : start + 400]
        postings = Postings(lay_out([normalise(name) for _, name, _ in batch]))
        found = postings.pair(lay_out([normalise(name) for name, _, _ in batch]), len(batch))
        kinds = np.array([SCHEMAS[schema] for _, _, schema in batch], dtype=np.int64)
        plain = np.zeros(len(found.asked), dtype=bool)
        one, other = _amounts(found, setting_of(kinds[found.asked], kinds[found.listed], plain))
        own = found.asked == found.listed
        amounts.append(one[own])
        measured.append(other[own])
        told.append(found.asked[own] + start)
    places = np.concatenate(told)
    labels = np.array(matches, dtype=np.float64)[places]
    return Labelled(np.concatenate(amounts), np.concatenate(measured), labels, places)


def more_perturbed(part: Part, count: int) -> list[Query]:
    """Return more perturbed names of parties of TRAIN."""
    chance = Random(99)
    able = [
        one for one in part.parties if split_of(one.id) is Split.TRAIN and one.schema != "Airplane"
    ]
    kinds = list(KINDS)
    found: list[Query] = []
    while len(found) < count:
        kind, one = kinds[len(found) % len(kinds)], chance.choice(able)
        source, is_person = chance.choice(one.names), one.schema == "Person"
        asked = natural(source) if is_person and chance.random() < 0.5 else source
        text = perturbed(asked, kind, is_person=is_person, chance=chance)
        if text:
            found.append(Query(text, one.schema, kind, Split.TRAIN, frozenset([one.id]), source))
    return found


def mixed(part: Part, count: int) -> list[Query]:
    """Return more clean names: of two clean ones of TRAIN, one's first words and other's last."""
    chance = Random(31)
    listed = {bare_key_of(text) for one in part.parties for text in (*one.names, *one.weak_names)}
    known: dict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for one in part.clean_of(Split.TRAIN):
        if " " in one.text:
            known[one.schema, script_of(one.text)].append(one.text.split())
    groups = [some for some in known.items() if len(some[1]) > 1]
    sizes = [len(some) for _, some in groups]
    found: list[Query] = []
    while len(found) < count:
        (schema, _), some = chance.choices(groups, sizes)[0]
        first, last = chance.sample(some, 2)
        half = max(1, len(first) // 2)
        text = " ".join((*first[:half], *last[max(1, len(last) // 2) :]))
        if bare_key_of(text) not in listed:
            found.append(Query(text, schema, "mixed", Split.TRAIN))
    return found


def arabic(part: Part, count: int) -> tuple[list[Query], list[Query]]:
    """Return names of TRAIN's persons in Arabic letters, listed and clean, so many each."""
    chance = Random(17)
    listed = [
        Query(in_arabic(name, chance), "Person", "arabic", Split.TRAIN, frozenset([one.id]), name)
        for one in part.parties
        if one.schema == "Person" and split_of(one.id) is Split.TRAIN
        for name in one.names[:1]
        if is_of_arabic_letters(name)
    ]
    clean = [
        Query(in_arabic(one.text, chance), "Person", "arabic", Split.TRAIN)
        for one in part.clean_of(Split.TRAIN)
        if one.schema == "Person" and script_of(one.text) == "LATIN"
    ]
    return listed[:: max(1, len(listed) // count)], clean[:: max(1, len(clean) // count)]


def changed_pairs(part: Part, count: int) -> tuple[list[tuple[str, str, str]], list[bool]]:
    """Return listed names with one word misspelt, which match, or another's, which do not."""
    chance = Random(7)
    schemas = ("Person", "Organization", "LegalEntity")
    able = [
        one for one in part.parties if one.schema in schemas and split_of(one.id) is Split.TRAIN
    ]
    words: dict[str, list[str]] = defaultdict(list)
    for one in able:
        words[one.schema] += [word for word in one.names[0].split() if len(word) > 3]
    pairs: list[tuple[str, str, str]] = []
    labels: list[bool] = []
    for _ in range(count):
        one = chance.choice(able)
        name = chance.choice(one.names)
        parts = name.split()
        places = [place for place, word in enumerate(parts) if len(word) > 3]
        if len(parts) < 2 or not places:
            continue
        at = chance.choice(places)
        other = chance.choice(words[one.schema])
        if other.casefold()[:3] != parts[at].casefold()[:3]:
            pairs.append((" ".join((*parts[:at], other, *parts[at + 1 :])), name, one.schema))
            labels.append(False)
        slip = _misspelt(parts[at], chance)
        pairs.append((" ".join((*parts[:at], slip, *parts[at + 1 :])), name, one.schema))
        labels.append(True)
    return pairs, labels


def _misspelt(word: str, chance: Random) -> str:
    letters = list(word)
    for _ in range(chance.choice((1, 1, 2))):
        at, drawn = chance.randrange(len(letters)), chance.random()
        if drawn < 0.5:
            letters[at] = chance.choice(string.ascii_lowercase)
        elif drawn < 0.75 and len(letters) > 4:
            del letters[at]
        else:
            letters.insert(at, chance.choice(string.ascii_lowercase))
    return "".join(letters)


def fitted(amounts: Floats, labels: Floats, weights: Floats, signs: Ints) -> Floats:
    """Return coefficients of a logistic model with signs held, by Adam with projection."""
    held = np.zeros(amounts.shape[1])
    first, second = np.zeros_like(held), np.zeros_like(held)
    weights = weights / weights.sum()
    rate = 0.1
    for step in range(1, STEPS + 1):
        chances = 1.0 / (1.0 + np.exp(-(amounts @ held)))
        slope = amounts.T @ (weights * (chances - labels)) + RIDGE * held
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        held = held - rate * (first / (1 - 0.9**step)) / (
            np.sqrt(second / (1 - 0.999**step)) + 1e-9
        )
        held = np.where(signs > 0, np.maximum(held, 0.0), held)
        held = np.where(signs < 0, np.minimum(held, 0.0), held)
        if step in (STEPS * 6 // 10, STEPS * 8 // 10):
            rate *= 0.3
    return held


def best_rows(odds: Floats, compared: Compared, rows: Ints, most: int) -> Ints:
    """Return the rows of the best parties of each name, one row a party."""
    rows = rows[np.lexsort((-odds[rows], compared.owner[rows], compared.asked[rows]))]
    key = compared.asked[rows] * (1 + compared.owner.max()) + compared.owner[rows]
    rows = rows[np.diff(key, prepend=-1) > 0]
    rows = rows[np.lexsort((-odds[rows], compared.asked[rows]))]
    start = np.flatnonzero(np.diff(compared.asked[rows], prepend=-1) > 0)
    rank = np.arange(len(rows)) - np.repeat(start, np.diff(np.append(start, len(rows))))
    return rows[rank < most]


def sign_of(name: str) -> int:
    """Return 1 for a feature that may only raise, -1 for one that may only lower, else 0."""
    plain = name if name in UNSIGNED else name.removeprefix("organisation ")
    return 0 if plain in UNSIGNED else 1 if plain.startswith(RAISING) else -1


@dataclass(frozen=True)
class Group:
    """Rows to learn from: amounts, measures, labels and weights."""

    amounts: Floats
    measured: Floats
    labels: Floats
    weights: Floats

    @classmethod
    def of(cls, rows: Compared | Labelled, chosen: Ints, labels: Floats, total: float,
           weights: Floats | None = None) -> Group:  # fmt: skip
        """Take some rows, whose weights add up to a total."""
        own = np.ones(len(chosen)) if weights is None else weights
        return cls(rows.amounts[chosen], rows.measured[chosen], labels, total * own / own.sum())


@dataclass(frozen=True)
class Examples:
    """What is learned from."""

    clean: Compared
    found: Compared
    is_alias: NDArray[np.bool_]
    pairs: Labelled
    changed: Labelled

    def groups(self, held: Floats, weights: Weights, clean_a_name: int) -> list[Group]:
        """Return rows by their kind: the nearest parties by some coefficients."""
        odds = self.clean.amounts @ held
        low = best_rows(odds, self.clean, np.arange(len(odds)), clean_a_name)
        odds = self.found.amounts @ held
        high = best_rows(odds, self.found, np.flatnonzero(self.found.is_right), 1)
        alias = np.where(self.is_alias[self.found.asked[high]], weights["alias"], 1.0)
        return [
            Group.of(self.clean, low, np.zeros(len(low)), weights["clean"]),
            Group.of(self.found, high, np.ones(len(high)), weights["found"], alias),
            *(
                Group.of(one, np.arange(len(one.told)), one.matches, weights[name])
                for name, one in (("pairs", self.pairs), ("changed", self.changed))
            ),
        ]


def examples(part: Part, bed: Bed, folder: Path) -> Examples:
    """Return what is learned from, all of it of TRAIN."""
    listed, clean = arabic(part, ARABIC)
    asked = [*part.positives_of(Split.TRAIN), *more_perturbed(part, MORE_PERTURBED), *listed]
    labelled = [one for one in load_pairs(folder) if one.split is Split.TRAIN]
    return Examples(
        bed.compare([*part.clean_of(Split.TRAIN), *mixed(part, MIXED), *clean]),
        bed.compare(asked),
        np.array([one.kind in ("added later", "held out") for one in asked]),
        compare_pairs(
            [(one.left, one.right, one.schema) for one in labelled],
            [one.is_match for one in labelled],
        ),
        compare_pairs(*changed_pairs(part, CHANGED)),
    )


@dataclass(frozen=True)
class Fitted:
    """Coefficients of features, and the trees that look at measures together."""

    held: Floats
    trees: Sequence[Tree]

    def odds(self, rows: Compared | Labelled | Group) -> Floats:
        """Return the log-odds of rows, as the engine works them out."""
        total: Floats = rows.amounts @ self.held
        near = np.flatnonzero(total >= NEAR)
        gained = np.zeros(len(near))
        for tree in self.trees:
            gained += tree.odds(rows.measured[near])
        differ = rows.measured[near, list(SIGNS).index("numbers_differ")] > 0.0
        total[near] += np.where(differ, np.minimum(gained, 0.0), gained)
        return total


def fit(folder: Path) -> None:
    """Fit the figures on TRAIN, and set the alert where the pairs of TRAIN are told best."""
    part = load_us(folder)
    bed = Bed(part)
    names = feature_names()
    shown = examples(part, bed, folder)
    signs = np.array([sign_of(name) for name in names])
    held = np.array([float(name.startswith(("covered", "whole", "matched"))) for name in names])
    for _ in range(ROUNDS):
        groups = shown.groups(held, ALONE, 2)
        held = fitted(
            np.concatenate([one.amounts for one in groups]),
            np.concatenate([one.labels for one in groups]),
            np.concatenate([one.weights for one in groups]), signs,
        )  # fmt: skip
    for name, figure in HELD.items():
        held[names.index(name)] = figure
    groups = shown.groups(held, TOGETHER, CLEAN_A_NAME)
    amounts = np.concatenate([one.amounts for one in groups])
    trees = grown(
        np.concatenate([one.measured for one in groups]),
        np.concatenate([one.labels for one in groups]),
        np.concatenate([one.weights for one in groups]),
        amounts @ held, list(SIGNS.values()), TREES,
    )  # fmt: skip
    done = Fitted(held, [rounded(tree) for tree in trees])
    report(part, bed, done)
    write_coefficients(names, held, alert_at(done, folder))
    write_trees(done.trees)


def alert_at(done: Fitted, folder: Path) -> float:
    """Return the log-odds of an alert: the least that tell pairs nearly as well as the best.

    Pairs of TRAIN and DEV are too few for a sharp best, and an alert too many costs a
    look while one too few costs a listed party.
    """
    labelled = [one for one in load_pairs(folder) if one.split is not Split.TEST]
    texts = [(one.left, one.right, one.schema) for one in labelled]
    pairs = compare_pairs(texts, [one.is_match for one in labelled])
    odds = done.odds(pairs)
    figures = {float(at): f1(odds, pairs.matches, at) for at in np.unique(odds)}
    enough = max(figures.values()) - ENOUGH
    found = min(at for at, figure in figures.items() if figure >= enough)
    _say(f"pairs of TRAIN and DEV: F1 {figures[found]:.3f} at log-odds {found:.3f}")
    return found


def rounded(tree: Tree) -> Tree:
    """Return a tree whose figures are whole thousandths, as they are written."""
    return Tree(tree.columns, tree.edges, np.rint(tree.leaves * THOUSANDTHS) / THOUSANDTHS)


def f1(odds: Floats, matches: Floats, at: float) -> float:
    """Return the F1 of pairs told apart at a threshold."""
    said = odds >= at
    return float(2 * (said * matches).sum() / max(1.0, said.sum() + matches.sum()))


def report(part: Part, bed: Bed, done: Fitted) -> None:
    """Print recall on DEV where one clean name of DEV in a hundred alerts."""
    clean = bed.compare(part.clean_of(Split.DEV))
    tops = np.full(len(part.clean_of(Split.DEV)), -99.0)
    np.maximum.at(tops, clean.asked, done.odds(clean))
    asked = part.positives_of(Split.DEV)
    found = bed.compare(asked)
    best = np.full(len(asked), -99.0)
    rows = np.flatnonzero(found.is_right)
    odds = done.odds(found)
    np.maximum.at(best, found.asked[rows], odds[rows])
    ten = best_rows(odds, found, np.arange(len(found.asked)), 10)
    in_ten = len(np.unique(found.asked[ten][found.is_right[ten]])) / len(asked)
    is_found = best >= np.quantile(tops, 0.99)
    is_alias = np.array([one.kind in ("added later", "held out") for one in asked])
    _say(
        f"DEV: recall at 1 % false alerts {is_found.mean():.3f}, perturbed"
        f" {is_found[~is_alias].mean():.3f}, aliases {is_found[is_alias].mean():.3f};"
        f" right entry in ten {in_ten:.3f}"
    )


def write_coefficients(names: Sequence[str], held: Floats, middle: float) -> None:
    """Write the figures; evidence, threshold and width stay as they are."""
    now = model()
    lines = [
        "# The figures of the screening engine, in natural log-odds. `coefficients` and `middle`",
        "# were fitted by tools/train_screening.py on public-domain lists and synthetic names;",
        "# `evidence` and `numbers_differ` were set by judgement: no labelled data gives them.",
        f"alert_threshold: {now.alert_threshold:g}",
        f"middle: {middle:.3f}",
        f"width: {now.width:g}",
        "evidence:",
        *(f"  {name}: {figure:g}" for name, figure in now.evidence.items()),
        "coefficients:",
        *(
            f"  {name}: {figure:.3f}"
            for name, figure in zip(names, held, strict=True)
            if abs(figure) >= 0.0005
        ),
    ]
    (DATA / "coefficients.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_trees(trees: Sequence[Tree]) -> None:
    """Write what measures say together."""
    names = list(SIGNS)
    groups = [
        (
            [(names[column], edge) for column, edge in zip(tree.columns, tree.edges, strict=True)],
            [round(figure * THOUSANDTHS) for figure in tree.leaves.tolist()],
        )
        for tree in trees
    ]
    head = (
        "# Groups of questions about measures, and for each set of answers the thousandths of a\n"
        "# log-odd that it adds. Fitted by tools/train_screening.py; see screening/interplay.py.\n"
    )
    (DATA / FILE).write_text(head + written(groups), encoding="ascii")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def main() -> int:
    """Build one of the two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table", choices=("rarity", "fit"))
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    (write_rarity if given.table == "rarity" else fit)(given.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
