"""A form that a node adds is offered in a case and completed in the browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from case_console import console_with_cases, rows
from console import Reader, Running, Visits
from own_form import OWN_FORM, write_form
from sluicegate.cases.filters import Filter
from sluicegate.core.phrases import Language
from sluicegate.wiring import opened
from tiny_world import pass_over, tiny_node

pytestmark = pytest.mark.service("chromium")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tiny_node(tmp_path_factory.mktemp("own-forms") / "node")
    write_form(folder)
    with opened(folder) as node:
        pass_over(node)
    with console_with_cases(folder, has_cases=True) as running:
        yield running


def test_a_form_of_the_node_is_offered_drafted_and_completed(visits: Visits) -> None:
    kept = rows(visits.console, Filter(has_all_states=True, jurisdictions=("EU",)))
    page = visits.open(f"/cases/{kept[0].case_id}", Reader(has_scripts=False))
    page.locator("#act-draft").evaluate("one => { one.open = true; }")
    page.locator(f"#act-draft form:has(input[value='{OWN_FORM}']) button").click()
    expect(page.locator("#missing li")).to_have_count(1)
    page.get_by_label("Board summary").fill("Told at the meeting of June.")
    page.locator("form.filing .actions button[value=save]").click()
    expect(page.locator("#missing li")).to_have_count(0)
    listed = visits.open(f"/filings?form={OWN_FORM}", Reader(language=Language.ZH))
    expect(listed.locator("tbody")).to_contain_text("致董事会通报")
