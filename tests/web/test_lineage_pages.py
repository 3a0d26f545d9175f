"""Lineages in the browser: one is taken in, counted, cut by hand, compared; one is pasted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from console import EVERY_ROLE, Reader, Running, Visits
from kept_lineages import TARGET, keep_chain, keep_lineage, lineage_json, student
from sluicegate.core.phrases import Language
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Compute, Interval, Node, NodeKind
from sluicegate.services.lineage.bounding import MOST_WAITED_FOR
from sluicegate.wiring.identity import operator_desk
from sluicegate.wiring.work import work_at

pytestmark = pytest.mark.service("chromium")


def kept(console: Running, name: str) -> str:
    return keep_lineage(operator_desk(console.served.node), name=name)


def figure(page: Page, name: str) -> str:
    """Return the value that stands beside a name in a list of facts."""
    row = page.locator("dl.facts > div").filter(has=page.get_by_text(name, exact=True))
    return row.first.locator("dd").inner_text()


def test_a_target_shows_its_total_its_thresholds_and_what_is_cut(
    visits: Visits, console: Running
) -> None:
    lineage = kept(console, "shown_1")
    page = visits.open(f"/lineages/{lineage}")
    page.get_by_role("link", name="学生", exact=True).click()
    assert figure(page, "Training compute").startswith("≥ 9.2e24 FLOP")
    table = page.get_by_role("group", name="Distance to thresholds")
    expect(table.locator("tbody tr").first).to_contain_text("0.92")
    expect(table.locator("tbody tr").first).to_contain_text("undetermined")
    drawn = page.get_by_role("img").first
    expect(drawn).to_contain_text("cut")
    unknown = page.get_by_role("group", name="What is not known")
    expect(unknown.locator("tbody tr").first).to_contain_text("teacher_run_1")
    page.get_by_label("Counting rule").select_option("eu_ai_act")
    page.get_by_role("button", name="Show", exact=True).click()
    assert figure(page, "Training compute").startswith("9.2e24 FLOP")
    page.get_by_role("link", name="Under every rule side by side").click()
    rows = page.get_by_role("group", name="Under every counting rule").locator("tbody tr")
    expect(rows).to_have_count(5)


def test_an_output_shows_the_rate_since_the_one_before_and_leads_to_its_findings(
    visits: Visits, console: Running
) -> None:
    nodes = [
        Node("serving_1", NodeKind.RUN, compute=Compute.of(3 * 10**20)),
        Node("reply_1", NodeKind.OUTPUT),
        Node("reply_2", NodeKind.OUTPUT),
    ]
    lineage = lineage_of(nodes, [("serving_1", "reply_2", None)])
    timed = replace(lineage, intervals=(Interval("reply_1", "reply_2", 2),))
    kept_as = keep_lineage(operator_desk(console.served.node), timed, "replies_1")
    page = visits.open(f"/lineages/{kept_as}")
    rate = page.get_by_role("group", name="Models and outputs").locator("tbody tr").last
    expect(rate).to_contain_text("after reply_1")
    expect(rate).to_contain_text("1.5e20 FLOP/s")
    rate.get_by_role("link", name="reply_2").click()
    assert figure(page, "Inference compute rate").startswith("1.5e20 FLOP/s")
    caps = page.get_by_role("group", name="Distance to thresholds").locator("tbody tr")
    expect(caps).to_contain_text(["1.50"])
    page.get_by_role("link", name="Findings about it").click()
    expect(page.get_by_role("main")).to_contain_text(f"output:{kept_as}/reply_2")


def test_a_humans_change_is_stated_and_taken_back(visits: Visits, console: Running) -> None:
    lineage = kept(console, "stated_1")
    page = visits.open(f"/lineages/{lineage}")
    page.get_by_label("Statement").select_option("human_change")
    page.get_by_label("Id of the earlier node").fill("answers_1")
    page.get_by_label("Id of the later node").fill("student_run_1")
    page.get_by_label("Reason").fill("Editors rewrote the answers")
    page.get_by_role("button", name="State it").click()
    expect(page.locator(".field-fault")).to_contain_text("This is needed.")
    page.get_by_label("Evidence").fill("edit log of March")
    page.get_by_role("button", name="State it").click()
    expect(page.get_by_role("status")).to_contain_text("It is kept as version 2.")
    totals = page.get_by_role("group", name="Models and outputs")
    expect(totals.locator("tbody tr").last).to_contain_text("9e24")
    expect(totals.locator("tbody tr").last).not_to_contain_text("≥")
    stated = page.get_by_role("group", name="What people stated")
    expect(stated).to_contain_text("edit log of March")
    stated.get_by_label("Reason").fill("The log is of another text")
    stated.get_by_role("button", name="Take back answers_1 student_run_1").click()
    expect(page.get_by_role("status")).to_contain_text("It is kept as version 3.")
    expect(totals.locator("tbody tr").last).to_contain_text("≥ 9.2e24")


def test_a_file_is_taken_in_as_long_work(visits: Visits, console: Running) -> None:
    page = visits.open("/lineages", Reader(EVERY_ROLE))
    page.get_by_label("File").set_input_files(
        {
            "name": "uploaded_1.json",
            "mimeType": "application/json",
            "buffer": lineage_json(student()),
        }
    )
    page.get_by_role("button", name="Take in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Intake of lineages")
    work_at(console.served.node.node.folder.path, is_once=True)
    page.reload()
    page.get_by_role("link", name="uploaded_1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lineage of uploaded_1")


def test_a_pasted_lineage_is_answered_and_a_bad_one_says_why(visits: Visits) -> None:
    page = visits.open("/lineages/account", Reader("viewer"))
    page.get_by_label("Lineage", exact=True).fill('{"nodes": [], "edges": [{"from": "a"}]}')
    page.get_by_role("button", name="Account for it").click()
    expect(page.locator(".field-fault")).to_contain_text("to")
    runs = '{"nodes": [{"id": "a", "kind": "run", "flop": "1"}], "edges": []}'
    page.get_by_label("Lineage", exact=True).fill(runs)
    page.get_by_role("button", name="Account for it").click()
    expect(page.locator(".field-fault")).to_contain_text("no model and no output; name a node")
    page.get_by_label("Lineage", exact=True).fill(lineage_json(student()).decode())
    page.get_by_role("textbox", name="Node").fill(TARGET)
    page.get_by_role("button", name="Account for it").click()
    assert figure(page, "Training compute").startswith("≥ 9.2e24 FLOP")
    page.get_by_role("textbox", name="Node").fill("nobody")
    page.get_by_role("button", name="Account for it").click()
    expect(page.locator(".field-fault")).to_contain_text("nobody")


def test_a_target_with_too_much_behind_it_says_the_way_out(
    visits: Visits, console: Running
) -> None:
    desk = operator_desk(console.served.node)
    lineage = keep_chain(desk, MOST_WAITED_FOR, "long_1")
    page = visits.open(f"/lineages/{lineage}")
    expect(page.get_by_text("Too many nodes lead to its models and outputs")).to_be_visible()
    for address in ("target?id=end", "compare?id=end"):
        answer = page.goto(f"{page.url.split('/lineages')[0]}/lineages/{lineage}/{address}")
        assert answer is not None
        assert answer.status == 422
        expect(page.get_by_role("main")).to_contain_text("sluicegate lineage account")
    page.get_by_role("link", name="Go back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lineage of long_1")


@pytest.mark.parametrize("language", Language, ids=lambda one: one.value)
def test_the_bar_stays_in_one_line(visits: Visits, language: Language) -> None:
    page = visits.open("/lineages", Reader(EVERY_ROLE, language, width=1280))
    tops = page.locator("header nav.places li").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(tops) == 9
    assert len(set(tops)) == 1
    bar = page.locator("header.bar").bounding_box()
    assert bar is not None
    assert bar["height"] < 60
