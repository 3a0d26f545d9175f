"""The engine: what scores above what, on names alone and with what else is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.screening import Index, Match, ScreeningError, compare


def score(query: str, name: str, schema: str = "") -> float:
    """Return the score of two names alone."""
    return float(compare(query, name, schema))


def entity(entity_id: str, *names: str, schema: str = "Person", **more: Any) -> dict[str, Any]:
    return {"id": entity_id, "schema": schema, "names": list(names), **more}


PARTIES = [
    entity("one", "VORONTSOV-BELSKY, Arkady", "BELSKY, Arkadiy", birth_dates=["1961-04-02"]),
    entity("two", "AL-QAMARI, 'Abd al-Rahim", countries=["SY"]),
    entity("three", "Zhenhai Optical Instruments Co., Ltd.", schema="Company"),
    entity("four", "M/V SEA LANTERN", schema="Vessel"),
    entity("five", "GARCIA LOPEZ, Juan Carlos", weak_names=["EL ZURDO"]),
]


@pytest.mark.parametrize(
    ("query", "name", "schema"),
    [
        ("arkady vorontsov belsky", "VORONTSOV-BELSKY, Arkady", "Person"),
        ("Аркадий Воронцов-Бельский", "VORONTSOV-BELSKY, Arkadiy", "Person"),
        ("Abdelrahim Qamari", "AL-QAMARI, 'Abd al-Rahim", "Person"),
        ("عبد الرحيم القمري", "AL-QAMARI, 'Abd al-Rahim", "Person"),
        (
            "Zhenhai Optical Instrument Company Limited",
            "Zhenhai Optical Instruments Co.",
            "Company",
        ),
        ("ZHENHAI OPTlCAL INSTRUMENTS", "Zhenhai Optical Instruments Co., Ltd.", "Company"),
        ("Sea Lantem", "SEA LANTERN", "Vessel"),
        ("ArkadyVorontsov", "Arkady Vorontsov", "Person"),
        ("Good Will Fabrics", "Goodwill Fabrics", "Company"),
        ("44 Brigade Lantern", "Forty-Four Brigade Lantern", "Organization"),
        ("ООО Волгоприбор", "Volgopribor LLC", "Company"),
        ("A.B.Q. Fabrics", "ABQ Fabrics", "Company"),
        ("شرکت صنایع هوایی کیهانبر", "Keyhanbar Aviation Industries Company", "Company"),
        ("محمد رضا قمریان", "QAMARIAN, Mohammad Reza", "Person"),
        ("יוסף ברנקובסקי", "BARNKOVSKI, Yosef", "Person"),
        ("大連裕龍衛星科技有限公司", "Dalian Yulong Satellite Technology Co., Ltd.", "Company"),
        ("Волгинский судостроительный завод", "Volginsky Shipbuilding Factory", "Company"),
        ("Volgin Lantern Plant III", "Volgin Lantern Plant 3", "Company"),
        ("IN VERSIONES Volgopribor", "INVERSIONES Volgopribor", "Company"),
        ("Arkady al-Sheikh Belsky", "AL-SHEIKH BELSKY, Arkady", "Person"),
        ("Qamari al-Sheikh", "AL-SHEIKH, Qamari", "Person"),
    ],
)
def test_one_name_in_another_form_alerts(query: str, name: str, schema: str) -> None:
    assert score(query, name, schema) >= Index.build([]).alert_threshold


@pytest.mark.parametrize(
    ("query", "name", "schema"),
    [
        ("Arkady Belsky", "Arkady Zhirinov", "Person"),
        ("Quartz Shipping Ltd", "Falcon Shipping Ltd", "Company"),
        ("Juan Garcia", "LOPEZ GARCIA MENDOZA, Juan Carlos", "Person"),
        ("Sea Lantern", "Sea Falcon", "Vessel"),
        ("Hans Peter", "Maria Lopez", "Person"),
        ("Sea Lantern III", "Sea Lantern IV", "Vessel"),
        ("46th Lantern Research Institute", "47th Lantern Research Institute", "Company"),
        ("RA-76502", "RA-76503", "Airplane"),
        ("VLQR", "Volgin Lantern Quartz Research", "Company"),
        ("Li", "Li Li", "Person"),
        ("王", "WANG, Wei", "Person"),
        ("علي", "ALI, Qamar", "Person"),
        ("银行", "Lantern Bank", "Company"),
        ("Sea", "SEA LANTERN", "Vessel"),
    ],
)
def test_names_that_share_only_common_words_do_not_alert(
    query: str, name: str, schema: str
) -> None:
    assert score(query, name, schema) < Index.build([]).alert_threshold


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # An exact rare name above an exact common one.
        (("Arkady Vorontsov", "Arkady Vorontsov"), ("Li Wei", "Li Wei")),
        # The same above one letter other, above two.
        (("Arkady Vorontsov", "Arkady Vorontsov"), ("Arkady Voronzov", "Arkady Vorontsov")),
        (("Arkady Voronzov", "Arkady Vorontsov"), ("Arkadu Voronkov", "Arkady Vorontsov")),
        # Another family name takes more away than a missing second name.
        (("Arkady Vorontsov", "Arkady Ilya Vorontsov"), ("Arkady Vorontsov", "Arkady Zhirinov")),
    ],
)
def test_scores_are_graded(better: tuple[str, str], worse: tuple[str, str]) -> None:
    assert score(*better, "Person") > score(*worse, "Person")


def test_numbers_have_to_agree() -> None:
    same = score("Plant 46 Lantern", "Plant 46 Lantern", "Company")
    other = score("Plant 46 Lantern", "Plant 47 Lantern", "Company")
    assert other < same


def test_first_letters_bring_a_party_among_the_nearest() -> None:
    listed = entity("x", "Volgin Lantern Quartz Operating Co.", schema="Company")
    index = Index.build([*PARTIES, listed])
    assert [one.entity_id for one in index.screen(["VLQOC"])[0]] == ["x"]
    turned = Index.build([*PARTIES, entity("y", "VLQR", schema="Company")])
    assert "y" in {one.entity_id for one in turned.screen(["Volgin Lantern Quartz Research"])[0]}
    assert not index.screen(["VLQOX"])[0]


def test_a_legal_form_says_little_but_more_than_nothing() -> None:
    same = score("Volgopribor GmbH", "Volgopribor GmbH", "Company")
    other = score("Volgopribor GmbH", "Volgopribor S.A.", "Company")
    assert Index.build([]).alert_threshold < other < same


def test_what_else_is_known_raises_and_lowers() -> None:
    index = Index.build(PARTIES)

    def of(**more: Any) -> float:
        return index.screen([{"query": "Arkady Belsky", "schema": "Person", **more}])[0][0].score

    alone = of()
    assert of(birth_date="1961-04-02") > of(birth_date="1961") > alone
    assert of(birth_date="1990-01-01") < alone
    assert of(birth_date="1990-01-01") < index.alert_threshold


def test_a_country_that_agrees_raises_and_one_that_contradicts_lowers() -> None:
    index = Index.build(PARTIES)
    scores = [
        index.screen([{"query": "Abdelrahim Qamari", "countries": one}])[0][0].score
        for one in (["SY"], [], ["NO"])
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3


def test_identifiers_and_addresses_raise_a_score() -> None:
    listed = entity("x", "Arkady Belsky", identifiers=["P-123 456"], addresses=["Quay 5, Oldport"])
    index = Index.build([listed])
    alone = index.screen(["Arkadi Belski"])[0][0].score
    number = index.screen([{"query": "Arkadi Belski", "identifiers": ["p123456"]}])[0][0].score
    place = index.screen([{"query": "Arkadi Belski", "address": "Quay 5 Oldport"}])[0][0].score
    assert number > place > alone


def test_a_company_asked_for_is_less_likely_a_person() -> None:
    index = Index.build([entity("p", "Volgin Lantern")])
    as_person = index.screen([{"query": "Volgin Lantern", "schema": "Person"}])[0][0].score
    as_company = index.screen([{"query": "Volgin Lantern", "schema": "Company"}])[0][0].score
    assert as_company < as_person


def test_a_weak_alias_is_found_marked_and_lower() -> None:
    weak = Index.build([entity("a", "Juan Garcia", weak_names=["El Zurdogordo"])])
    strong = Index.build([entity("a", "Juan Garcia", "El Zurdogordo")])
    (found,), (other,) = weak.screen(["El Zurdogordo"])[0], strong.screen(["El Zurdogordo"])[0]
    assert found.is_weak
    assert not other.is_weak
    assert found.name == "El Zurdogordo"
    assert found.score < other.score


def test_the_nearest_come_first_without_a_cut_off_and_no_more_than_asked_for() -> None:
    index = Index.build([entity(str(n), f"Arkady Volgin{n:03}") for n in range(60)])
    found = index.screen(["Arkady Volgin"], limit=7)[0]
    assert len(found) == 7
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len(index.screen(["Arkady Volgin"], limit=50)[0]) == 50


def test_every_match_says_why_and_its_parts_add_up() -> None:
    found = Index.build(PARTIES).screen([{"query": "Arkadi Belskij", "birth_date": "1961"}])[0][0]
    assert found.entity_id == "one"
    assert abs(sum(part.contribution for part in found.parts) - found.score) < 1e-5
    said = " ".join(map(str, found.reasons))
    assert "BELSKY, Arkadiy" in said
    assert "The years of birth agree." in said
    assert Index.build([]).algorithm in said


@pytest.mark.parametrize(
    ("entities", "problem"),
    [
        ([{"schema": "Person", "names": ["A B"]}], "no id"),
        ([entity("a", "B"), entity("a", "C")], "twice"),
        ([entity("a", "B", schema="Ghost")], "schema 'Ghost' is not known"),
    ],
)
def test_what_cannot_be_indexed_is_refused_with_advice(
    entities: list[dict[str, Any]], problem: str
) -> None:
    with pytest.raises(ScreeningError, match=problem):
        Index.build(entities)


@pytest.mark.parametrize("query", [{"name": "A"}, {"query": None}, {"query": "A", "schema": "?"}])
def test_a_query_that_cannot_be_read_is_refused(query: dict[str, Any]) -> None:
    with pytest.raises(ScreeningError, match="give"):
        Index.build(PARTIES).screen([query])


WORDS = st.sampled_from(
    [
        *("arkady", "belsky", "vorontsov", "ivan", "sea", "lantern", "al", "rahim", "abdul"),
        *("qamari", "li", "wei", "garcia", "lopez", "juan", "ltd", "company", "46", "47", "j."),
        *("ооо", "волга", "محمد", "李", "伟", "trading"),
    ]
)
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
LISTS = st.lists(NAMES, min_size=1, max_size=8)


def scores_of(found: list[Match]) -> dict[str, float]:
    return {one.entity_id: one.score for one in found}


@settings(max_examples=60, deadline=None)
@given(some=LISTS, more=LISTS, query=NAMES, beside=LISTS)
def test_a_score_depends_on_the_pair_alone(
    some: list[str], more: list[str], query: str, beside: list[str]
) -> None:
    """Neither who else is listed nor what else is asked moves a score: a delta is a full pass."""
    first = [entity(f"a{place}", name) for place, name in enumerate(some)]
    second = [entity(f"b{place}", name) for place, name in enumerate(more)]
    alone = scores_of(Index.build(first).screen([query], limit=50)[0])
    both = Index.build([*second, *first])
    together = scores_of(both.screen([*beside, query, *beside], limit=50)[len(beside)])
    assert {key: value for key, value in together.items() if key[0] == "a"} == alone


@settings(max_examples=60, deadline=None)
@given(query=NAMES, name=NAMES)
def test_a_pair_has_the_score_that_it_has_in_an_index(query: str, name: str) -> None:
    found = Index.build([*PARTIES, entity("n", name)]).screen([query], limit=50)[0]
    alone = compare({"query": query, "schema": ""}, name, "Person")
    assert scores_of(found).get("n", 0.0) == alone.score
