"""What links customers and what does not: kinds of evidence, how common it is, when it was so."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linked_worlds import customer, found_among, held, owner, signal
from sluicegate.registry.records import CustomerKind
from sluicegate.screening.linkage import LinkKind, normal, shipped_policy

POLICY = shipped_policy()
PAIR = [("c-1", "c-2")]
OFFICE = "12 Sample Street, Novgrad 400"


def two(**shared: Any) -> list[Any]:
    return [customer("c-1", **shared), customer("c-2", **shared)]


@pytest.mark.parametrize(
    "shared",
    [
        {"lei": "5493001KJTIIGC8Y1R12"},
        {"registration_number": "HRB 90210"},
        {"email": "desk@dunmere.example"},
        {"payment_source": "account 40021188"},
        {"address": OFFICE, "telephone": "+1 202 555 0143"},
        {"address": OFFICE, "ip_addresses": ("203.0.113.9",)},
        {"telephone": "+1 202 555 0143", "ip_addresses": ("203.0.113.9",)},
    ],
    ids=lambda shared: "+".join(shared),
)
def test_one_strong_thing_or_two_kinds_that_agree_hold_a_pair(shared: dict[str, Any]) -> None:
    assert held(found_among(two(**shared))) == PAIR


@pytest.mark.parametrize(
    "shared",
    [
        {"address": OFFICE},
        {"telephone": "+1 202 555 0143"},
        {"ip_addresses": ("203.0.113.9",)},
        {"email": "someone@gmail.com"} | {"name": "x"},
        {"payment_source": "card"},
        {"payment_source": "bank transfer", "address": OFFICE},
        {"lei": "N/A", "registration_number": "none", "telephone": "0000000000"},
        {"registration_number": "000000"},
        {"address": "Novgrad"},
        {"ip_addresses": ("10.0.0.7", "100.64.3.3", "::1")},
        {"name": "Dunmere Robotics"},
    ],
    ids=str,
)
def test_one_weak_thing_or_a_placeholder_holds_nobody(shared: dict[str, Any]) -> None:
    customers = two(**shared)
    if "email" in shared:
        customers = [customer("c-1", email="a@gmail.com"), customer("c-2", email="b@gmail.com")]
    assert held(found_among(customers)) == []


def test_the_address_and_the_range_of_one_network_are_not_two_kinds() -> None:
    found = found_among(two(ip_addresses=("203.0.113.9", "198.51.100.4")))
    assert held(found) == []
    assert found.bonds == {}


def test_the_same_network_address_at_another_time_is_another_hand() -> None:
    office = {"address": OFFICE}
    customers = [customer("c-1", **office), customer("c-2", **office)]
    early = {"first_seen": date(2025, 1, 1), "last_seen": date(2025, 2, 1)}
    late = {"first_seen": date(2026, 1, 1), "last_seen": date(2026, 2, 1)}
    apart = [
        signal("c-1", "ip", "203.0.113.9", **early),
        signal("c-2", "ip", "203.0.113.9", **late),
    ]
    together = [signal("c-1", "ip", "203.0.113.9", **early), signal("c-2", "ip", "203.0.113.9")]
    assert held(found_among(customers, apart)) == []
    assert held(found_among(customers, together)) == PAIR


def test_a_device_used_by_one_after_the_other_still_links_them() -> None:
    seen = [
        signal("c-1", "device", "dev-99af", last_seen=date(2025, 2, 1)),
        signal("c-2", "device", "dev-99af", first_seen=date(2026, 1, 1)),
    ]
    found = found_among(two(), seen)
    assert held(found) == PAIR
    [link] = found.bonds["c-1", "c-2"].links
    assert (link.since, link.until) == (date(2026, 1, 1), date(2025, 2, 1))


@pytest.mark.parametrize(
    ("kind", "column"), [("device", None), ("payment_instrument", None), ("address", "address")]
)
def test_what_very_many_share_links_nothing(kind: str, column: str | None) -> None:
    """At the bound all are linked, above it nobody is, and it is said what was too common."""
    most = POLICY.kinds[LinkKind(kind)].most
    for count in (most, most + 1):
        keys = [f"c-{number:03d}" for number in range(count)]
        shared = {} if column is None else {column: OFFICE}
        # A second kind in pairs, so that the weak kind could hold them.
        customers = [
            customer(key, **shared, telephone=f"+1 202 55 {number // 2 + 10000}")
            for number, key in enumerate(keys)
        ]
        seen = [] if column else [signal(key, kind, "thing-1") for key in keys]
        found = found_among(customers, seen)
        links = [link for bond in found.bonds.values() for link in bond.links]
        is_linked = any(link.kind.value == kind for link in links)
        assert is_linked is (count == most)
        assert [one.sharers for one in found.common if one.kind.value == kind] == (
            [] if count == most else [count]
        )


def test_a_strong_thing_that_several_share_needs_a_second_kind() -> None:
    few = POLICY.kinds[LinkKind.DEVICE].few
    keys = [f"c-{number:02d}" for number in range(few + 1)]
    seen = [signal(key, "device", "dev-99af") for key in keys]
    assert held(found_among([customer(key) for key in keys], seen)) == []
    assert len(held(found_among([customer(key) for key in keys[:-1]], seen[:-1]))) == (
        few * (few - 1) // 2
    )
    same_name = [customer(key, name="Dunmere Robotics") for key in keys[:2]]
    others = [customer(key) for key in keys[2:]]
    assert held(found_among([*same_name, *others], seen)) == [("c-00", "c-01")]


def test_similar_names_count_beside_another_thing_only() -> None:
    names = ("Dunmere Robotics Inc", "Dunmere Robotics GmbH")
    plain = [customer(f"c-{n}", name=name) for n, name in enumerate(names, 1)]
    assert held(found_among(plain)) == []
    with_office = [customer(f"c-{n}", name=name, address=OFFICE) for n, name in enumerate(names, 1)]
    found = found_among(with_office)
    assert held(found) == PAIR
    assert {link.kind for link in found.bonds["c-1", "c-2"].links} == {
        LinkKind.ADDRESS,
        LinkKind.NAME,
    }


def test_a_shared_owner_is_weak_and_a_small_holding_says_nothing() -> None:
    def edges(share: str) -> list[Any]:
        return [owner("p-1", "c-1", share), owner("p-1", "c-2", share)]

    assert held(found_among(two(), (), edges("0.3"))) == []
    assert held(found_among(two(address=OFFICE), (), edges("0.3"))) == PAIR
    assert held(found_among(two(address=OFFICE), (), edges("0.2"))) == []


def test_a_hidden_owner_above_a_shell_is_seen() -> None:
    edges = [owner("shell", "c-1", "0.9"), owner("p-1", "shell", "0.9"), owner("p-1", "c-2", "0.9")]
    found = found_among(two(address=OFFICE), (), edges)
    assert LinkKind.OWNER in {link.kind for link in found.bonds["c-1", "c-2"].links}


def test_a_director_links_beside_an_address() -> None:
    edges = [
        owner("p-1", "c-1", None, "Managing Director"),
        owner("p-1", "c-2", None, "director"),
    ]
    assert held(found_among(two(), (), edges)) == []
    assert held(found_among(two(address=OFFICE), (), edges)) == PAIR


def test_one_person_with_two_accounts_is_found_by_name_and_birth() -> None:
    def person(key: str, name: str, born: date) -> Any:
        kind = CustomerKind.INDIVIDUAL
        return customer(key, name=name, customer_kind=kind, birth_date=born)

    one = person("c-1", "Idris Vantongeren", date(1980, 3, 1))
    same = person("c-2", "VANTONGEREN, Idris", date(1980, 3, 1))
    other = person("c-3", "Idris Vantongeren", date(1981, 3, 1))
    assert held(found_among([one, same, other])) == PAIR


def test_accounts_of_one_customer_count_once() -> None:
    """Many accounts of one customer do not make a thing common, and are no link."""
    accounts = [
        customer(f"a-{number:02d}", account_of="c-1", address=OFFICE, telephone="+1 202 555 0143")
        for number in range(40)
    ]
    shared = {"address": OFFICE, "telephone": "+1 202 555 0143"}
    found = found_among([customer("c-1"), *accounts, customer("c-2", **shared)])
    assert held(found) == PAIR


def test_a_link_says_why_without_the_value() -> None:
    found = found_among(two(), [signal(key, "device", "dev-99af") for key in ("c-1", "c-2")])
    [link] = found.bonds["c-1", "c-2"].links
    assert str(link.why) == "Both have the same device, which 2 customers share."
    assert "dev-99af" not in repr(link)
    assert len(link.evidence) == 24


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Sample Street, Novgrad", "Novgrad; 12 SAMPLE ST."),
        ("Große Straße 5, 10115 Berlin", "10115 Berlin, Grosse Strasse 5"),
        ("Suite 4, 9 Mock Avenue, Novgrad", "9 Mock Ave Ste 4 Novgrad"),
        ("北京市海淀区样例大街１号", "北京市海淀区样例大街1号"),
    ],
)
def test_one_address_in_several_spellings_is_one(one: str, other: str) -> None:
    written = normal.address(one, "US", POLICY)
    assert written
    assert written == normal.address(other, "US", POLICY)
    assert written != normal.address(other, "DE", POLICY)


@pytest.mark.parametrize("text", ["", " ", "\x00", "‮", "a" * 10_000, "🏠" * 50, "-" * 9, "．．．"])
def test_no_text_breaks_a_normal_form(text: str) -> None:
    for read in (normal.email, normal.domain, normal.token, normal.account_number, normal.name):
        assert isinstance(read(text, POLICY), str)
    assert normal.ip_address(text, POLICY) == ""
    assert isinstance(normal.address(text, "US", POLICY), str)
    assert isinstance(normal.number(text, "US", POLICY), str)
    assert isinstance(normal.telephone(text), str)
    assert isinstance(normal.lei(text), str)
