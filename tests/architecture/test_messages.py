"""Everything a user reads goes through gettext; the English catalogue is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT, files, text_of

HAN = re.compile(r"[\u4e00-\u9fff]+")
SPOKEN_FOR = re.compile(
    r"\{#.*?#\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\b.*?%\}"
    r"|_\(\s*(?:\"[^\"]*\"|'[^']*')\s*\)"
    r"|<!--.*?-->",
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def unmarked(template: str) -> list[str]:
    return HAN.findall(SPOKEN_FOR.sub("", template))


def templates() -> list[str]:
    return [name for name in files() if name.endswith((".html", ".txt")) and "templates" in Path(name).parts]


def test_templates_mark_every_word_for_translation() -> None:
    bare = {name: found for name in templates() if (found := unmarked(text_of(name)))}
    assert not bare, f"wrap these in {{% translate %}}: {bare}"


def test_unmarked_text_is_seen() -> None:
    assert unmarked("<p>今天</p>{% translate '明天' %}") == ["今天"]
    assert not unmarked(
        "{# 注 #}{% blocktranslate with n=1 %}还有{{ n }}天{% endblocktranslate %}{{ _('好') }}"
    )


@pytest.mark.parametrize("name", [name for name in files() if name.endswith(".po") and "/en/" in name])
def test_the_english_catalogue_is_whole(name: str) -> None:
    with (ROOT / name).open("rb") as text:
        catalogue = read_po(text, locale="en")
    empty, fuzzy, broken = [], [], []
    for message in catalogue:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
        if not strings or not all(strings):
            empty.append(ids[0])
        elif any(
            sorted(set(PLACEHOLDER.findall(one))) != sorted(set(PLACEHOLDER.findall(ids[-1])))
            for one in strings
        ):
            broken.append(ids[0])
        if message.fuzzy:
            fuzzy.append(ids[0])
    assert not empty, f"not translated: {empty[:20]} ({len(empty)})"
    assert not fuzzy, f"marked fuzzy, so never shown: {fuzzy[:20]}"
    assert not broken, f"placeholders differ: {broken[:20]}"
