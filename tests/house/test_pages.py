"""Nothing that a user can call is without help, an example and a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import write_command_pages
import write_question_pages
from sluicegate.core.exact import load_yaml
from sluicegate.rules.loading import shipped_book
from sluicegate.services.questions import all_questions
from writing import stale

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
COMMANDS = write_command_pages.all_commands()
RULE_PAGES = DOCS / "rules"


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


@pytest.mark.parametrize("tool", [write_command_pages, write_question_pages])
def test_a_generated_page_says_what_the_code_says(tool: object) -> None:
    pages = getattr(tool, "pages")()  # noqa: B009
    assert stale(pages) == [], getattr(tool, "COMMAND")  # noqa: B009


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_a_question_has_its_section(name: str) -> None:
    page_name = all_questions()[name].spec.page
    assert name in headings((RULE_PAGES / f"{page_name}.md").read_text(encoding="utf-8"))


def test_every_instrument_and_parameter_stands_on_the_page_of_instruments() -> None:
    text = page("instruments.md")
    assert set(shipped_book().instruments) <= headings(text)
    assert all(f"`{identifier}`" in text for identifier in shipped_book().parameters)


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
