"""A rule file is data: nothing in one runs, hangs, fills the memory or reads another file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from own_rule import CUSTOMER, FILE, OWN_RULE
from sluicegate.rules.blocks import MOST_FAULTS
from sluicegate.rules.cases import CaseFileError, read_case_text, read_cases
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import (
    LARGEST,
    RuleFilesError,
    gather,
    read_book,
    read_rule_text,
    shipped_book,
)
from sluicegate.services.asking import ask_question
from sluicegate.services.checking import check_rules

SECONDS = 20.0
"""Far above what any of these takes; a file that hangs takes for ever."""


@contextmanager
def in_time() -> Iterator[None]:
    """Bound the time of this process alone: others on the machine cannot make it fail."""
    started = time.process_time()
    yield
    assert time.process_time() - started < SECONDS


def faults_of(text: str) -> list[str]:
    with in_time():
        return [str(one) for one in check_rules(gather([(FILE, text)], base=shipped_book())).faults]


TAGS = [
    "!!python/object/apply:os.system ['touch ran']",
    "!!python/object/apply:subprocess.check_output [[touch, ran]]",
    "!!python/object/new:os.system ['touch ran']",
    "!!python/name:os.system ''",
    "!!python/module:os ''",
    "!!python/object:pathlib.Path {}",
    "!include /etc/hostname",
    "!ENV ${HOME}",
    "!!binary dG91Y2ggcmFu",
    "!!timestamp 2025-01-01",
    "!!set {a}",
    "!local x",
]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("place", ["citation: Harbour order 7", 'value: "1e24"', "- id: keep"])
def test_no_tag_does_anything(
    tag: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = OWN_RULE.replace(place, f"{place.split(': ')[0]}: {tag}", 1)
    [fault] = faults_of(text)
    assert f"{FILE}:" in fault
    assert list(tmp_path.iterdir()) == []


def test_what_looks_like_code_stays_text() -> None:
    for words in (
        "{{ 7 * 7 }}",
        "$(touch ran)",
        "`touch ran`",
        "%(id)s",
        "{limit}",
        "{0.__class__}",
    ):
        text = OWN_RULE.replace("en: Large customer,", f'en: "{words}",')
        book = read_book([(FILE, text)], base=shipped_book(), local=True)
        assert book.thresholds[CUSTOMER].title.en == words
        asked = ask_question(CUSTOMER, {"compute_used": "2e24"}, as_of="2025-12-01", book=book)
        assert "1e24 FLOP" in str(asked.outcome)
        assert asked.spec.title.en == words


def bomb(levels: int = 12) -> str:
    rows = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join(rows)


TRAPS = {
    "anchors that grow": OWN_RULE + "bomb:\n" + bomb(),
    "an anchor that holds itself": OWN_RULE + "loop: &loop [*loop]\n",
    "lists in lists": OWN_RULE + "deep: " + "[" * 100_000 + "]" * 100_000 + "\n",
    "blocks in blocks": OWN_RULE + "deep: " + "{a: " * 5_000 + "1" + "}" * 5_000 + "\n",
    "a long number": OWN_RULE.replace('"1e24"', '"' + "9" * 100_000 + '"', 1),
    "a far exponent": OWN_RULE.replace('"1e24"', '"1e999999999"', 1),
    "a bare far exponent": OWN_RULE.replace('"1e24"', "1.0e+999999999", 1),
    "a long quotient": OWN_RULE.replace('"1e24"', '"1/' + "9" * 5000 + '"', 1),
    "a long period": OWN_RULE.replace("value: 30,", f"value: {'9' * 900},", 1),
    "many unknown fields": OWN_RULE + "".join(f"odd{n}: 1\n" for n in range(15_000)),
    "many bad blocks": OWN_RULE + "notes:\n" + "- 7\n" * 15_000,
    "many notes of one id": OWN_RULE
    + "notes:\n"
    + "- {id: n, text: {en: a, zh: b}, reference: s, mark: found}\n" * 4_000,
    "many duties that nothing holds": OWN_RULE.replace(
        "obligations: [report, call,", f"obligations: [{'x, ' * 20_000}call,"
    ),
    "a second document": OWN_RULE + "---\n" + OWN_RULE,
    "a key that is a list": OWN_RULE + "? [a, b]\n: 1\n",
    "a key that stands twice": OWN_RULE + "parameters: []\n",
    "nothing": "",
    "zero bytes": "\x00" * 1000,
    "a byte order mark": "\ufeff" + OWN_RULE.replace("kind: law", "kind: lore"),
}


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_ends_in_faults_and_soon(name: str) -> None:
    faults = faults_of(TRAPS[name])
    assert faults
    assert len(faults) <= 20_001
    assert all(FILE in fault and len(fault) < 1000 for fault in faults)


def test_no_more_faults_are_kept_of_a_file_than_anyone_reads() -> None:
    assert (
        len(faults_of(OWN_RULE + "".join(f"odd{n}: 1\n" for n in range(1000)))) == MOST_FAULTS + 1
    )


def test_a_long_list_of_places_is_read_and_checked_soon() -> None:
    rows = "".join(
        f'  - {{from: {1000 + n // 300:04}-{n // 25 % 12 + 1:02}-{n % 25 + 1:02}, value: "{n + 1}",'
        f" reference: s. {n}, mark: found}}\n"
        for n in range(3_000)
    )
    first = OWN_RULE.index('  - {from: 2025-07-01, value: "1e24"')
    text = OWN_RULE[:first] + rows + OWN_RULE[OWN_RULE.index("- id: rate") :]
    with in_time():
        gathered = gather([(FILE, text)], base=shipped_book(), local=True)
        assert gathered.faults == ()
        assert check_rules(gathered).book.parameter("local.harbour.limit").values[-1].value == 3_000


def test_a_file_without_an_end_is_refused(tmp_path: Path) -> None:
    with in_time(), pytest.raises(RuleFilesError, match="holds more than"):
        read_rule_text(Path("/dev/zero"), "zero.yaml")
    with in_time(), pytest.raises(CaseFileError, match="holds more than"):
        read_case_text(Path("/dev/zero"))
    path = tmp_path / "large.yaml"
    path.write_text("# " + "x" * LARGEST, encoding="utf-8")
    with pytest.raises(RuleFilesError, match="split it"):
        read_rule_text(path, "large.yaml")


@pytest.mark.parametrize(
    "text", ["!!python/name:os.system ''", bomb(), "[" * 5000, "- &a [*a]", "\x00", "7"]
)
def test_cases_are_data_too(text: str) -> None:
    with in_time(), pytest.raises(CaseFileError):
        read_cases("cases.yaml", text)


@given(facts=st.recursive(st.text() | st.integers(), lambda s: st.dictionaries(st.text(), s)))
def test_any_facts_of_an_own_rule_are_answered_or_refused(facts: object) -> None:
    book = read_book([(FILE, OWN_RULE)], base=shipped_book(), local=True)
    with pytest.raises(BadFactsError):
        ask_question(CUSTOMER, facts, as_of="2025-12-01", book=book)
