"""The bar offers what a reader may open, and says where the page is."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from sluicegate.services.access.actions import Action
from sluicegate.web.bar import ShownPlace, bar
from sluicegate.web.pages import NAV, PAGES

ALL = frozenset(Action)


def shown(path: str, rights: Collection[Action] = ALL) -> dict[str, ShownPlace]:
    return {one.name: one for one in bar(NAV, path, rights.__contains__)}


@pytest.mark.parametrize(
    ("path", "name", "place"),
    [
        ("/customers", "Customers", "/customers"),
        ("/ownership/parties/c-1", "Customers", "/ownership"),
        ("/links/decide", "Customers", "/links"),
        ("/screening", "Screening", "/screening"),
        ("/screening/runs/r-1", "Screening", "/screening"),
        ("/screening/matches/m-1", "Screening", "/screening/matches"),
        ("/questions/training_compute", "Rules", "/questions"),
    ],
)
def test_a_page_is_in_one_place_of_the_bar_and_one_of_its_row(
    path: str, name: str, place: str
) -> None:
    found = shown(path)
    assert [one.name for one in found.values() if one.is_here] == [name]
    assert [one.path for one in found[name].row if one.is_here] == [place]


def test_a_page_elsewhere_is_in_no_place_and_a_like_beginning_is_no_place() -> None:
    for path in ("/", "/account", "/casework", "/customers-of-others"):
        assert [one.name for one in shown(path).values() if one.is_here] == []


def test_the_bar_leads_to_the_first_place_that_may_be_opened() -> None:
    found = shown("/", {Action.LINK_READ, Action.LIST_READ})
    assert found["Customers"].path == "/links"
    assert [one.path for one in found["Screening"].row] == ["/screening/names", "/screening/lists"]
    assert set(found) == {"Customers", "Screening", "Settings"}


def test_every_place_is_a_page_with_the_right_that_the_page_asks() -> None:
    asked = {one.path: one.action for one in PAGES if not one.is_post}
    places = [one for item in NAV for one in (*item.inside, *([] if item.inside else [item]))]
    assert [(one.path, one.action) for one in places] == [
        (one.path, asked[one.path]) for one in places
    ]


def test_a_name_with_places_inside_has_the_path_of_the_first() -> None:
    assert [item.name for item in NAV if item.inside and item.path != item.inside[0].path] == []
