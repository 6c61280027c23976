"""Everything a user reads goes through gettext; the English catalogue is whole."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.architecture.tree import ROOT, files, text_of

# Samples for whoever designs a page; users never see them.
UNTRANSLATED = "src/guixiao/web/templates/web/styleguide"
HAN = re.compile(r"[\u4e00-\u9fff]+")
SPOKEN_FOR = re.compile(
    r"\{#.*?#\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}"
    r"|\{%\s*trans(?:late)?\b.*?%\}"
    r"|_\(\s*(?:\"[^\"]*\"|'[^']*')\s*\)"
    r"|<!--.*?-->"
    r"|简体中文",  # a language is called by its own name
    re.DOTALL,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def unmarked(template: str) -> list[str]:
    return HAN.findall(SPOKEN_FOR.sub("", template))


def templates() -> list[str]:
    return [name for name in files() if name.endswith((".html", ".txt")) and "templates" in Path(name).parts]


def test_templates_mark_every_word_for_translation() -> None:
    shown = [name for name in templates() if not name.startswith(UNTRANSLATED)]
    bare = {name: found for name in shown if (found := unmarked(text_of(name)))}
    assert not bare, f"wrap these in {{% translate %}}: {bare}"


def test_unmarked_text_is_seen() -> None:
    assert unmarked("<p>今天</p>{% translate '明天' %}") == ["今天"]
    assert not unmarked(
        "{# 注 #}{% blocktranslate with n=1 %}还有{{ n }}天{% endblocktranslate %}{{ _('好') }}"
    )


def catalogues() -> list[str]:
    return [name for name in files() if name.endswith(".po") and "/en/" in name]


def flaws(catalogue: Catalog) -> list[str]:
    """What would leave an English reader with Chinese or an error: holes, fuzzies, lost placeholders."""
    found = []
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or [])
        if not ids[0]:
            continue
        if not strings or not all(strings):
            found.append(f"not translated: {ids[0]}")
        elif message.fuzzy:
            found.append(f"fuzzy, so never shown: {ids[0]}")
        elif any(sorted(PLACEHOLDER.findall(one)) != sorted(PLACEHOLDER.findall(ids[-1])) for one in strings):
            found.append(f"placeholders differ: {ids[0]}")
    return found


def test_the_english_catalogue_is_whole() -> None:
    for name in catalogues():
        with (ROOT / name).open("rb") as text:
            found = flaws(read_po(text, locale="en"))
        assert not found, f"{name}: {len(found)} flaws, the first: {found[:20]}"


@pytest.mark.parametrize("bad", ["", "one day %(m)s", "%(n)s and %(n)s"])
def test_a_flaw_is_seen(bad: str) -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("还有%(n)s天", "%(n)s days left")
    assert not flaws(catalogue)
    catalogue.add("还剩%(n)s天", bad)
    assert flaws(catalogue)


GATHERED = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}


def unheard(source: str) -> list[str]:
    """Names xgettext does not listen for, and calls it misses because they stand inside an f-string."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names = [one.asname or one.name for one in node.names if "gettext" in one.name]
            found += [name for name in names if name not in GATHERED]
        elif isinstance(node, ast.JoinedStr):
            calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
            called = [one.func.id for one in calls if isinstance(one.func, ast.Name) and one.args]
            found += [f"line {node.lineno}: {name}() in an f-string" for name in called if name in GATHERED]
    return found


def test_the_gatherer_hears_every_call() -> None:
    ours = [name for name in files() if name.startswith("src/") and name.endswith(".py")]
    wrong = {name: found for name in ours if (found := unheard(text_of(name)))}
    assert not wrong, f'write _("…") on a line of its own, under a name gettext knows: {wrong}'


def test_an_unheard_call_is_seen() -> None:
    assert unheard("from django.utils.translation import gettext_lazy as lazy") == ["lazy"]
    assert unheard("f'{_(\"好\")}'") == ["line 1: _() in an f-string"]
    assert not unheard("from django.utils.translation import gettext as _\nf'{_}'")


def ids_of(path: Path) -> set[str]:
    with path.open("rb") as text:
        return {str(message.id) for message in read_po(text, locale="en") if message.id}


@pytest.mark.slow
def test_the_english_catalogue_knows_every_string(tmp_path: Path) -> None:
    known = ROOT / "src/guixiao/locale/en/LC_MESSAGES/django.po"
    if not known.exists():
        return  # no catalogue yet; once there is one, it is whole
    if not shutil.which("xgettext") and os.environ.get("CI") != "true":
        pytest.skip("gathering strings needs GNU gettext; make test installs it, and CI fails without it")
    copy = tmp_path / "guixiao"
    shutil.copytree(
        ROOT / "src/guixiao", copy, ignore=shutil.ignore_patterns("tests", "testing", "static", "*.pyc")
    )
    command = [
        sys.executable,
        "-m",
        "django",
        "makemessages",
        "--locale",
        "en",
        "--no-location",
        "--no-obsolete",
    ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "guixiao.testing.settings"}
    subprocess.run(command, cwd=copy, env=environment, check=True, capture_output=True)
    missing = ids_of(copy / "locale/en/LC_MESSAGES/django.po") - ids_of(known)
    assert not missing, f"run `make messages` and translate: {sorted(missing)[:20]} ({len(missing)})"
