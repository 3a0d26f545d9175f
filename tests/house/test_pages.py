"""Nothing that a user can call is without help, an example and a page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import site_pictures
import write_command_pages
import write_instrument_pages
import write_lineage_page
import write_question_pages
from sluicegate.core.exact import load_yaml
from sluicegate.core.phrases import Language, term
from sluicegate.lineage.visitors import VISITORS
from sluicegate.rules.loading import shipped_book
from sluicegate.services.questions import all_questions
from uses import uses
from write_instrument_pages import slug
from writing import cell, stale

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMMANDS = write_command_pages.all_commands()
RULE_PAGES = DOCS / "rules"
MOVES = ROOT / "tests" / "unit" / "rules" / "test_every_parameter_moves.py"


def explained() -> frozenset[str]:
    """Return the parameters of which the test that moves them says why nothing rests on them."""
    for node in ast.parse(MOVES.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXPLAINED":
            texts = {one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)}
            return frozenset(shipped_book().parameters) & {str(text) for text in texts}
    raise AssertionError(f"{MOVES.name} explains nothing")


EXPLAINED = explained()


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def headings(text: str) -> set[str]:
    """Return the texts of all headings of a page, without marks."""
    found = re.findall(r"^#{1,4} +(.+?) *$", text, re.MULTILINE)
    return {heading.replace("`", "") for heading in found}


@pytest.mark.parametrize(("name", "command"), COMMANDS, ids=[name for name, _ in COMMANDS])
def test_a_command_has_help_an_example_and_a_page(name: str, command: object) -> None:
    text = getattr(command, "help", None) or ""
    assert text.strip(), f"{name} has no help"
    examples = re.findall(r"^Example: (.+)$", text, re.MULTILINE)
    assert examples, f"{name} has no line that begins with Example:"
    assert any(example.startswith(name) or f"| {name}" in example for example in examples), examples
    assert name in headings(page("commands.md"))
    for parameter in getattr(command, "params", []):
        assert parameter.name == "help" or (parameter.help or "").strip(), (name, parameter.name)


def test_every_command_that_writes_rows_has_formats_and_every_change_a_dry_run() -> None:
    options = {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in COMMANDS
    }
    changing = ["sluicegate intake", "sluicegate assess"]
    assert all("--dry-run" in options[name] for name in changing)
    listing = ["sluicegate rules list", "sluicegate rules questions", "sluicegate rules diff"]
    assert all("--format" in options[name] for name in [*listing, *changing, "sluicegate ask"])


@pytest.mark.parametrize(
    "tool",
    [write_command_pages, write_question_pages, write_instrument_pages, write_lineage_page],
)
def test_a_generated_page_says_what_the_code_says(tool: object) -> None:
    pages = getattr(tool, "pages")()  # noqa: B009
    assert stale(pages) == [], getattr(tool, "COMMAND")  # noqa: B009


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_a_question_has_its_section(name: str) -> None:
    page_name = all_questions()[name].spec.page
    assert name in headings((RULE_PAGES / f"{page_name}.md").read_text(encoding="utf-8"))


def test_every_instrument_has_its_page_and_no_page_is_left_over() -> None:
    found = {path.stem for path in (DOCS / "instruments").glob("*.md")}
    assert found == set(shipped_book().instruments)
    index = page("instruments.md")
    assert all(f"(instruments/{name}.md)" in index for name in found)


def section(text: str, heading: str) -> str:
    """Return what stands below a heading of the third level."""
    _, _, rest = text.partition(f"\n### {heading}\n")
    assert rest, heading
    return re.split(r"\n##+ ", rest)[0]


@pytest.mark.parametrize("name", sorted(shipped_book().instruments))
def test_a_citation_leads_from_the_page_of_its_instrument_to_what_rests_on_it(name: str) -> None:
    """Each place of a parameter, and a question, threshold rule or duty, or why there is none."""
    one = shipped_book().instruments[name]
    text = page(f"instruments/{name}.md")
    found = [slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    assert len(set(found)) == len(found), "two headings have one anchor"
    for parameter in one.parameters:
        told = section(text, parameter.id)
        missing = [v.reference for v in parameter.values if cell(v.reference) not in told]
        assert missing == [], parameter.id
        leads = re.findall(r"\]\(([\w./]+)#([\w-]+)\)", told)
        asked = {anchor for target, anchor in leads if target == "../questions.md"}
        assert asked <= set(all_questions())
        assert leads or parameter.id in EXPLAINED, parameter.id
        assert not (leads and parameter.id in EXPLAINED), "an explanation is stale"
    for status in one.statuses:
        assert cell(status.reference) in text
    for rule in one.thresholds:
        assert section(text, write_instrument_pages.rule_heading(rule))
    for duty in one.obligations:
        assert section(text, write_instrument_pages.duty_heading(duty))
    for moving in one.moving:
        assert section(text, write_instrument_pages.moving_heading(moving))


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_a_question_leads_to_the_texts_and_parameters_that_it_rests_on(name: str) -> None:
    told = section(page("questions.md"), name)
    spec = all_questions()[name].spec
    assert all(f"(instruments/{instrument}.md)" in told for instrument in spec.instruments)
    for parameter in uses().of_question.get(name, ()):
        assert f"#{slug(parameter)})" in told


def test_a_link_to_a_place_of_a_generated_page_leads_to_a_heading() -> None:
    generated = [DOCS / "questions.md", *(DOCS / "instruments").glob("*.md")]
    anchors = {
        path.resolve(): set(map(slug, headings(path.read_text("utf-8")))) for path in generated
    }
    missing = [
        f"{path.name}: {target}#{anchor}"
        for path in generated
        for target, anchor in re.findall(r"\]\(([^)#:]+)#([^)]+)\)", path.read_text("utf-8"))
        if (path.parent / target).resolve() in anchors
        and anchor not in anchors[(path.parent / target).resolve()]
    ]
    assert missing == []


def test_every_worked_lineage_is_drawn_and_counted_under_every_rule() -> None:
    text = page(write_lineage_page.PAGE)
    drawn = site_pictures.on_page_content(text)
    assert drawn.count("<svg") == len(write_lineage_page.EXAMPLES_SHOWN) >= 5
    for example in write_lineage_page.EXAMPLES_SHOWN:
        _, _, part = text.partition(f"\n## {example.title}\n")
        part = part.split("\n## ")[0]
        assert all(f"| {term(rule, Language.EN)} |" in part for rule in VISITORS), example.name


def test_the_picture_of_an_instrument_is_drawn_into_its_page() -> None:
    html = "<p>x</p><!-- timeline: eu.ai_act --><p>y</p>"
    drawn = site_pictures.on_page_content(html)
    assert drawn.count("<svg") == 1
    assert drawn.index("<p>x</p>") < drawn.index("<svg") < drawn.index("<p>y</p>")
    assert 'data-md-color-scheme="slate"' in drawn
    assert site_pictures.on_page_content("<p>x</p>") == "<p>x</p>"
    for name in shipped_book().instruments:
        assert f"<!-- timeline: {name} -->" in page(f"instruments/{name}.md")


def test_every_decision_stands_in_the_index() -> None:
    index = page("decisions/README.md")
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert decisions
    missing = [path.name for path in decisions if f"({path.name})" not in index]
    assert missing == []


def test_every_page_stands_in_the_navigation() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"[\w/.-]+\.md", str(load_yaml(text)["nav"])))
    written = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    assert written - named == set(), "pages without a place in mkdocs.yml"
    assert named - written == set(), "mkdocs.yml names pages that do not exist"


def test_the_site_takes_nothing_from_elsewhere() -> None:
    settings = load_yaml((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert settings["theme"]["font"] is False
    assert not {"extra_javascript", "extra_css", "repo_url"} & set(settings)
    assert settings["plugins"] == ["search"]


def test_a_link_from_one_page_to_another_leads_somewhere() -> None:
    missing = []
    for path in [*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not (path.parent / target).exists():
                missing.append(f"{path.relative_to(ROOT)}: {target}")
    assert missing == []
