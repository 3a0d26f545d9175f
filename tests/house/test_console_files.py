"""The console says every word in both languages, asks nothing of elsewhere, and stays small."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import extract_words
import take_htmx

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "sluicegate" / "web"
OWN_FILES = sorted(
    path
    for folder in ("static", "templates")
    for path in (WEB / folder).rglob("*")
    if path.is_file() and "vendor" not in path.parts
)
MOST_LINES = 400
PLACE = re.compile(r"%\((\w+)\)[sd]")
CJK = re.compile(r"[\u4e00-\u9fff]")


def both(text: extract_words.Text) -> str:
    return text if isinstance(text, str) else text[1]


def test_every_word_of_the_console_has_its_chinese_and_none_is_left_over() -> None:
    said, known = extract_words.words(), extract_words.translated()
    assert len(said) > 300
    assert [word for text, word in said.items() if not all(known.get(text, ("",)))] == []
    assert [text for text in known if text not in said] == []


def test_a_translation_has_the_places_of_its_text() -> None:
    odd = [
        (text, chinese)
        for text, forms in extract_words.translated().items()
        for chinese in forms
        if sorted(PLACE.findall(both(text))) != sorted(PLACE.findall(chinese))
    ]
    assert odd == []


def test_a_translation_is_chinese() -> None:
    odd = [
        (text, chinese)
        for text, forms in extract_words.translated().items()
        for chinese in forms
        if re.search("[A-Za-z]{3}", PLACE.sub("", both(text)))
        and not CJK.search(PLACE.sub("", chinese))
    ]
    assert odd == []


def test_a_word_without_chinese_is_seen() -> None:
    po = b'msgid "Rules"\nmsgstr ""\n'
    assert extract_words.translated(po) == {"Rules": ("",)}


def test_scripts_written_by_hand_stay_small() -> None:
    scripts = [path for path in OWN_FILES if path.suffix == ".js"]
    assert scripts
    assert sum(len(path.read_text("utf-8").splitlines()) for path in scripts) < MOST_LINES


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_no_page_asks_for_anything_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text) == []


@pytest.mark.parametrize("path", OWN_FILES, ids=lambda path: path.name)
def test_no_page_needs_an_exception_of_the_policy(path: Path) -> None:
    """No inline script, handler or style, and nothing that evaluates text.

    A file that is handed over is no page of the node and carries its style itself.
    """
    handed_over = "{% if is_file %}<style>{{ style|safe }}</style>"
    text = path.read_text(encoding="utf-8").replace(handed_over, "")
    assert re.findall(r"\son\w+\s*=\s*[\"']|\sstyle\s*=|<style|javascript:|hx-on", text) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write", text) == []


def test_the_script_that_is_taken_is_the_pinned_one() -> None:
    lock = (ROOT / take_htmx.LOCK).read_text(encoding="utf-8")
    assert re.fullmatch(r"django-htmx==[\d.]+ \\\n    --hash=sha256:[0-9a-f]{64}\n", lock)
    assert take_htmx.is_there(), "run: .venv/bin/python tools/take_htmx.py"


def test_another_file_in_its_place_is_not_taken_for_it(tmp_path: Path) -> None:
    target = tmp_path / take_htmx.TARGET
    target.parent.mkdir(parents=True)
    target.write_text("alert(1)", encoding="utf-8")
    assert not take_htmx.is_there(tmp_path)
