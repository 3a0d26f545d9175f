"""Build the tables of the screening engine from public-domain lists and synthetic names.

    python tools/train_screening.py rarity FOLDER    # writes data/screening/rarity.txt
    python tools/train_screening.py fit FOLDER       # writes coefficients.yaml, interplay.txt

FOLDER holds `us/`, `negatives/` and `pairs/` as docs/screening-protocol.md names
them; a folder `nc/` beside them is never read. `fit` learns from TRAIN alone and
prints what DEV says. Either changes the algorithm's digest: every score may move,
so replay history before you release it (`sluicegate screening validate`).
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "support"))

from boosted_trees import Plan, Tree, grown  # noqa: E402
from compared_names import Bed, Compared, Labelled, compare_pairs, feature_names  # noqa: E402
from drawn_names import arabic, changed_pairs, mixed, more_perturbed  # noqa: E402
from screening_sets import Part, Split, load_pairs, load_us  # noqa: E402
from screening_sources import (  # noqa: E402
    read_csl,
    read_sdn_2021,
    read_sdn_2023,
)
from sluicegate.screening.interplay import FILE, THOUSANDTHS, written  # noqa: E402
from sluicegate.screening.model import NEAR, SIGNS, model  # noqa: E402
from sluicegate.screening.normal import normalise  # noqa: E402
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
CLEAN_ALERTS = 1 / 400
"""The share of clean names that may alert: the pairs hardly tell thresholds apart, and
of a provider's customers nearly all are clean."""
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
    clean = clean_odds(part, bed, done)
    report(part, bed, done, clean)
    write_coefficients(names, held, alert_at(done, clean, folder))
    write_trees(done.trees)


def alert_at(done: Fitted, clean: Floats, folder: Path) -> float:
    """Return the log-odds of an alert: the least that are good enough for pairs and clean names.

    Good enough tells pairs of TRAIN and DEV nearly as well as the best, as they are too
    few for a sharp best, and alerts on no more clean names of DEV than it may.
    """
    labelled = [one for one in load_pairs(folder) if one.split is not Split.TEST]
    texts = [(one.left, one.right, one.schema) for one in labelled]
    pairs = compare_pairs(texts, [one.is_match for one in labelled])
    odds = done.odds(pairs)
    figures = {float(at): f1(odds, pairs.matches, at) for at in np.unique(odds)}
    enough = max(figures.values()) - ENOUGH
    found = min(at for at, figure in figures.items() if figure >= enough)
    quiet = float(np.quantile(clean, 1 - CLEAN_ALERTS))
    _say(f"pairs of TRAIN and DEV: F1 {figures[found]:.3f} at log-odds {found:.3f}")
    _say(f"clean names of DEV: {CLEAN_ALERTS:.2%} reach log-odds {quiet:.3f}")
    return max(found, quiet)


def clean_odds(part: Part, bed: Bed, done: Fitted) -> Floats:
    """Return the highest log-odds of each clean name of DEV."""
    clean = bed.compare(part.clean_of(Split.DEV))
    tops = np.full(len(part.clean_of(Split.DEV)), -99.0)
    np.maximum.at(tops, clean.asked, done.odds(clean))
    return tops


def rounded(tree: Tree) -> Tree:
    """Return a tree whose figures are whole thousandths, as they are written."""
    return Tree(tree.columns, tree.edges, np.rint(tree.leaves * THOUSANDTHS) / THOUSANDTHS)


def f1(odds: Floats, matches: Floats, at: float) -> float:
    """Return the F1 of pairs told apart at a threshold."""
    said = odds >= at
    return float(2 * (said * matches).sum() / max(1.0, said.sum() + matches.sum()))


def report(part: Part, bed: Bed, done: Fitted, clean: Floats) -> None:
    """Print recall on DEV where one clean name of DEV in a hundred alerts."""
    asked = part.positives_of(Split.DEV)
    found = bed.compare(asked)
    best = np.full(len(asked), -99.0)
    rows = np.flatnonzero(found.is_right)
    odds = done.odds(found)
    np.maximum.at(best, found.asked[rows], odds[rows])
    ten = best_rows(odds, found, np.arange(len(found.asked)), 10)
    in_ten = len(np.unique(found.asked[ten][found.is_right[ten]])) / len(asked)
    is_found = best >= np.quantile(clean, 0.99)
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
