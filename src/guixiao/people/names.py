"""Chinese names: how they sort and how they are searched."""

from __future__ import annotations

from pypinyin import Style
from pypinyin.converter import DefaultConverter
from pypinyin.core import Pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "华": "hua", "覃": "qin", "尉迟": "yuchi", "万俟": "moqi", "翟": "zhai", "缪": "miao",
    "冼": "xian", "宓": "fu", "乐": "yue", "召": "shao", "乜": "nie", "牟": "mou", "燕": "yan", "纪": "ji",
}  # fmt: skip


_PINYIN = Pinyin(DefaultConverter())  # made once: a new one a name takes longer than the name


def _read(text: str) -> list[str]:
    return _PINYIN.lazy_pinyin(text, style=Style.NORMAL)


def pinyin_of(name: str) -> str:
    """``李小满`` → ``li xiao man``; the surname by the surname table (单 → shan, 曾 → zeng)."""
    plain = name.replace("·", "").strip()
    for length in (2, 1):
        if plain[:length] in SURNAMES:
            rest = _read(plain[length:])
            return " ".join([SURNAMES[plain[:length]], *rest]).lower()
    return " ".join(_read(plain)).lower()
