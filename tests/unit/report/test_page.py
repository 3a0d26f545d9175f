"""The page: complete in both languages, accessible, and closed to the outside."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from sluicegate.adapters import report as report_package
from sluicegate.adapters.pictures import Language
from sluicegate.adapters.report import Limits, render_page
from sluicegate.adapters.report.catalogue import Catalogue, all_texts
from sluicegate.adapters.report.standing import standing_of
from sluicegate.adapters.report.words import crossing_sentences
from sluicegate.core.estimates import Convention, Estimate, Method
from sluicegate.core.reasons import Mark, say
from sluicegate.core.trace import Figure
from sluicegate.rules.instruments import Enforcement, Kind, TextState
from sluicegate.rules.loading import shipped_book
from sluicegate.services.findings import Certainty, Crossing
from sluicegate.services.report import Coverage, Report, StepState

LANGUAGES: tuple[Language, ...] = ("en", "zh")
VOID = {"meta", "link", "br", "img", "input", "hr", "col"}


@dataclass
class Node:
    """An element with its attributes, its children and the text right inside it."""

    tag: str
    attrs: dict[str, str]
    children: list[Node] = field(default_factory=list)
    own_text: list[str] = field(default_factory=list)

    def all(self, *tags: str) -> list[Node]:
        found = [self] if self.tag in tags else []
        return found + [one for child in self.children for one in child.all(*tags)]

    @property
    def text(self) -> str:
        return "".join(self.own_text) + "".join(child.text for child in self.children)


class Tree(HTMLParser):
    """Builds nodes; fails on a tag that closes what is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("#root", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].own_text.append(data)


def parsed(page: str) -> Node:
    tree = Tree()
    tree.feed(page)
    tree.close()
    assert tree.open == [tree.root], "an element is left open"
    return tree.root


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture
def page(report: Report, language: Language) -> str:
    return render_page(report, language)


def test_every_picture_has_a_title_a_sentence_and_a_table_under_it(page: str) -> None:
    root = parsed(page)
    figures = root.all("figure")
    assert len(figures) == len(root.all("svg")) == 6, "five charts and one ownership picture"
    ids = {node.attrs["id"]: node for node in root.all(*_tags(root)) if "id" in node.attrs}
    for figure in figures:
        picture = figure.all("svg")[0]
        assert picture.attrs["role"] == "img"
        named = [ids[one].text.strip() for one in picture.attrs["aria-labelledby"].split()]
        assert all(named)
        assert figure.all("figcaption")[0].text.strip()
    for parent in root.all("article", "section"):
        for place, child in enumerate(parent.children):
            if child.tag == "figure":
                assert parent.children[place + 1].tag == "details"
                assert parent.children[place + 1].all("table")


def _tags(root: Node) -> set[str]:
    return {root.tag} | {tag for child in root.children for tag in _tags(child)}


def test_every_table_has_a_caption_and_headers_with_a_scope(page: str) -> None:
    tables = parsed(page).all("table")
    assert len(tables) > 20
    for table in tables:
        assert table.all("caption")[0].text.strip()
        head, body = table.all("thead")[0], table.all("tbody")[0]
        columns = head.all("th")
        assert all(th.attrs["scope"] == "col" and th.text.strip() for th in columns)
        assert all(th.attrs["scope"] == "row" for th in body.all("th"))
        for row in body.all("tr"):
            assert len(row.all("td", "th")) == len(columns)
            assert len(row.all("th")) == 1


def test_ids_are_unique_and_links_lead_to_them(page: str) -> None:
    root = parsed(page)
    ids = Counter(node.attrs["id"] for node in root.all(*_tags(root)) if "id" in node.attrs)
    assert not [one for one, count in ids.items() if count > 1]
    links = [node.attrs["href"] for node in root.all("a")]
    assert all(link.startswith("#") and link[1:] in ids for link in links)
    for node in root.all(*_tags(root)):
        for one in node.attrs.get("aria-labelledby", "").split():
            assert one in ids


def test_headings_are_in_order_and_landmarks_are_there(page: str) -> None:
    root = parsed(page)
    levels = [int(node.tag[1]) for node in root.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in ("header", "nav", "main", "footer"):
        assert len(root.all(landmark)) == 1
    assert root.all("a")[0].attrs["href"] == "#main"


def test_nothing_leaves_the_file_and_nothing_runs(page: str) -> None:
    root = parsed(page)
    assert not root.all("script", "iframe", "object", "embed", "link", "img", "base", "form")
    for node in root.all(*_tags(root)):
        assert "style" not in node.attrs, "the policy allows the one style sheet only"
        for name, value in node.attrs.items():
            assert not name.startswith("on")
            if name != "xmlns":
                assert "//" not in value, (node.tag, name, value)
    style = root.all("style")[0].text
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(m for m in root.all("meta") if "http-equiv" in m.attrs).attrs["content"]
    assert policy.startswith("default-src 'none'; ")
    assert f"'sha256-{digest}'" in policy


def test_names_from_customers_stay_text(report: Report, language: Language) -> None:
    evil = "<img src=x onerror=alert(1)>\x07"
    subject = report.subjects[0]
    named = replace(subject.subject, name=evil)
    hostile = replace(
        report,
        findings=tuple(replace(one, subject=named) for one in report.findings),
        subjects=(replace(subject, facts=replace(subject.facts, subject=named)),),
    )
    page = render_page(hostile, language)
    assert not parsed(page).all("img")
    assert "\x07" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;\ufffd" in page


def test_every_text_is_there_in_both_languages_with_the_same_places() -> None:
    for key, texts in all_texts().items():
        assert set(texts) == {"en", "zh"}, key
        assert key == "english_note" or all(text.strip(" ") for text in texts.values()), key
        places = [
            {name for _, name, _, _ in Formatter().parse(texts[language]) if name}
            for language in LANGUAGES
        ]
        assert places[0] == places[1], key


def test_every_text_that_the_templates_ask_for_is_in_the_catalogue() -> None:
    folder = Path(str(report_package.__file__)).parent
    sources = "".join(path.read_text("utf-8") for path in folder.glob("templates/*.j2"))
    asked = set(re.findall(r'\b_\("([^"]+)"[,)]', sources))
    assert len(asked) > 80
    assert asked <= all_texts().keys()


def test_the_chinese_page_holds_no_english_fixed_text(report: Report) -> None:
    page = parsed(render_page(report, "zh"))
    shown = _text_outside(page, lambda node: node.attrs.get("lang") == "en" or node.tag == "style")
    for key, texts in all_texts().items():
        english = texts["en"]
        if len(english) > 12 and "{" not in english:
            assert english not in shown, key
    assert "低估值于" in shown


def _text_outside(node: Node, left_out: object) -> str:
    assert callable(left_out)
    if left_out(node):
        return ""
    own = "".join(node.own_text)
    return own + "".join(_text_outside(child, left_out) for child in node.children)


def test_recorded_english_is_marked_as_english_in_the_chinese_page(report: Report) -> None:
    spans = [one for one in parsed(render_page(report, "zh")).all("span") if "lang" in one.attrs]
    marked = {one.text for one in spans}
    for finding in report.findings:
        assert set(finding.reasons) <= marked


def test_the_summary_gives_compute_findings_and_the_next_due_date(report: Report) -> None:
    page = parsed(render_page(report, "en"))
    summary = page.all("section")[0].text.replace("\N{NO-BREAK SPACE}", " ")
    assert "used about 3.1 × 10²⁶ FLOP in all: between 1.78 × 10²⁶ and 4.88 × 10²⁶" in summary
    assert "2,000 customers, 1,950 affiliate groups, 312 training runs, 24 clusters" in summary
    assert "The next date to keep is 24 December 2026" in summary, "a proposal's date binds nobody"
    assert "One due date lies before the date of this report" in summary
    counts = page.all("table")[0].all("tbody")[0]
    assert [row.all("td")[0].text for row in counts.all("tr")] == ["2", "2", "1", "1", "1"]


def test_an_empty_report_says_what_is_not_there(report: Report, language: Language) -> None:
    empty = replace(
        report,
        total=Estimate.zero(),
        findings=(),
        obligations=(),
        changes=(),
        subjects=(),
        largest=(),
        coverage=Coverage(),
        notes=(),
    )
    text = parsed(render_page(empty, language)).text
    say = Catalogue(language)
    for key in ("summary.no_findings", "summary.no_due", "findings.none", "obligations.none"):
        assert say(key) in text
    for key in ("subjects.none", "coverage.unmapped.none", "coverage.rejected.none"):
        assert say(key) in text


def test_a_big_node_is_shortened_and_the_page_says_by_how_much(report: Report) -> None:
    limits = Limits(charts=2, details=3, rows=4, trace_children=1)
    page = render_page(report, "en", limits)
    root = parsed(page)
    assert len([one for one in root.all("article") if one.attrs.get("class") == "finding"]) == 3
    assert "3 of 7 findings are explained below" in page
    assert "4 of 7 rows are shown here; findings.csv holds all of them." in page
    assert "2 of 5 subjects with findings are drawn" in page
    assert "2 more; report.json holds all of them." in page
    ids = {node.attrs["id"] for node in root.all(*_tags(root)) if "id" in node.attrs}
    assert all(node.attrs["href"][1:] in ids for node in root.all("a"))


@pytest.mark.parametrize(
    ("status", "words", "asks"),
    [
        ("law: in_force, enforced", "law, enforced", True),
        ("law: in_force, not_yet_due", "law, not enforced yet", False),
        ("law: published, not_yet_due", "law, published, not in force yet", False),
        ("proposal: proposed, not_binding", "proposal, not law", False),
        ("guidance: in_force, not_binding", "guidance, not law", False),
        ("configuration: in_force, enforced", "own setting", True),
        ("law", "law", True),
    ],
)
def test_the_mark_says_how_the_text_stands(status: str, words: str, asks: bool) -> None:
    standing = standing_of(status, Catalogue("en"))
    assert (standing.words, standing.asks) == (words, asks)


def test_every_sort_and_state_of_a_text_has_a_word() -> None:
    for group, values in (("legal_status", Kind), ("legal_status", TextState)):
        assert all(f"{group}.{one.value}" in all_texts() for one in values)
    assert all(f"enforcement.{one.value}" in all_texts() for one in Enforcement)
    for group, names in (("method", Method), ("convention", Convention), ("certainty", Certainty)):
        assert all(f"{group}.{one.value}" in all_texts() for one in names)
    assert all(f"mark.{one.value}" in all_texts() for one in Mark if one is not Mark.FOUND)
    assert all(f"state.{one.value}" in all_texts() for one in StepState)


def _words(report: Report, crossing: Crossing, certainty: Certainty) -> str:
    finding = replace(report.findings[0], crossing=crossing, certainty=certainty)
    said = crossing_sentences(finding, date(2026, 11, 20), Catalogue("en"))
    return said.replace("\N{NO-BREAK SPACE}", " ")


def test_everyone_who_can_owe_a_duty_of_a_finding_has_a_word() -> None:
    book = shipped_book()
    owed = {duty for rule in book.thresholds.values() for duty in rule.obligations}
    named = {book.obligations[duty].who for duty in owed}
    assert [who for who in sorted(named) if f"who.{who}" not in all_texts()] == []


def test_a_duty_of_the_ai_act_is_not_laid_on_the_compute_provider() -> None:
    book = shipped_book()
    for rule in ("eu.ai_act.systemic_risk", "eu.gpai_guidelines.indicative"):
        for duty in book.thresholds[rule].obligations:
            assert Catalogue("en").word("who", book.obligations[duty].who) != "compute provider"


def test_the_subjects_of_a_pass_are_counted_in_the_language_of_the_page(report: Report) -> None:
    counted = replace(report, subjects_counted=(("customers", 5), ("groups", 2)))
    assert "5 个客户、2 个关联集团" in render_page(counted, "zh")


def test_crossing_days_are_said_in_words(report: Report) -> None:
    day, later, ahead = date(2026, 1, 2), date(2026, 3, 4), date(2027, 1, 5)
    assert _words(report, Crossing(day, day, day), Certainty.CERTAIN) == (
        "All estimates passed the threshold of 10²⁵ FLOP on 2 January 2026, "
        "so it has been certain since then."
    )
    assert _words(report, Crossing(day, later, None), Certainty.LIKELY) == (
        "The high estimate passed the threshold of 10²⁵ FLOP on 2 January 2026, so it has been "
        "possible since then. The central estimate passed it on 4 March 2026, so it has been "
        "likely since then. The low estimate has not passed it."
    )
    assert _words(report, Crossing(day, ahead, None), Certainty.POSSIBLE) == (
        "The high estimate passed the threshold of 10²⁵ FLOP on 2 January 2026, so it has been "
        "possible since then. The central and the low estimate have not passed it. "
        "If growth goes on as now, the central estimate passes it about 5 January 2027."
    )
    assert _words(report, Crossing(), Certainty.CERTAIN) == (
        "The day on which the threshold of 10²⁵ FLOP was passed is not known."
    )
    assert _words(report, Crossing(projected=ahead), Certainty.CLEARED) == (
        "No estimate had passed the threshold of 10²⁵ FLOP by 20 November 2026. "
        "If growth goes on as now, the central estimate passes it about 5 January 2027."
    )


def test_reasons_assumptions_and_figures_are_told_in_the_language_of_the_page(
    report: Report,
) -> None:
    first = report.findings[0]
    told = replace(
        first,
        sentences=(say("Chapter V applies."),),
        assumptions=("the model is placed on the Union market",),
        trace=Figure("X", children=(Figure("compute", "5", "FLOP", name="c-1"),)),
    )
    report = replace(report, findings=(told, *report.findings[1:]))
    english, chinese = (parsed(render_page(report, language)).text for language in LANGUAGES)
    for words, word in (
        ("Chapter V applies.", "第五章适用。"),
        ("the model is placed on the Union market", "模型投放欧盟市场"),
        ("compute · ", "算力用量 · "),
        (first.rule_title.en, first.rule_title.zh),
    ):
        assert words in english
        assert word in chinese
    assert "Chapter V applies." not in chinese
