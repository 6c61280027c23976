"""Templates, scripts and the built front end agree with each other."""

import json
import re
from pathlib import Path

import pytest

from guixiao.web.templatetags.gx import STATE_ICONS
from guixiao.web.words import words

ROOT = Path(__file__).resolve().parents[4]
PACKAGE = ROOT / "src" / "guixiao"
SCRIPTS = [path.read_text(encoding="utf-8") for path in (ROOT / "frontend" / "js").rglob("*.js")]
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
ICONS = {
    name.replace(":filled", "-filled")
    for name in json.loads((ROOT / "frontend" / "icons.json").read_text(encoding="utf-8"))
}


def test_every_word_the_scripts_say_is_sent_to_them() -> None:
    said = {key for text in SCRIPTS for key in re.findall(r'\bsay\("(\w+)"', text)}
    marks = {f"mark_{mark}" for mark in ("present", "late", "sick", "personal", "none")}
    assert said | marks <= set(words())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_uses_only_icons_of_the_sprite(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = set(re.findall(r'{%\s*icon\s+"([\w-]+)"', text)) | set(re.findall(r'icon_name="([\w-]+)"', text))
    assert used <= ICONS


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_template_holds_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r'\sstyle="|\son(click|change|submit|load|input)="', text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_every_state_has_an_icon_of_the_sprite_and_a_colour() -> None:
    css = (ROOT / "frontend" / "css" / "state.css").read_text(encoding="utf-8")
    for kind, icon in STATE_ICONS.items():
        assert icon in ICONS
        assert f".gx-state-{kind}" in css


def test_nothing_is_fetched_from_a_third_party() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "frontend").rglob("*.css")] + SCRIPTS
    for text in sources + [path.read_text(encoding="utf-8") for path in TEMPLATES]:
        found = set(re.findall(r"https?://[^\s\"')]+", text.replace("%3A", ":")))
        assert {url for url in found if "www.w3.org" not in url} == set()
