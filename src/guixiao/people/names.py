"""Chinese names: how they sort and how they are searched."""

from __future__ import annotations

from pypinyin import lazy_pinyin

SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "华": "hua", "覃": "qin", "尉迟": "yuchi", "万俟": "moqi", "翟": "zhai", "缪": "miao",
    "冼": "xian", "宓": "fu", "乐": "yue", "召": "shao", "乜": "nie", "牟": "mou", "燕": "yan", "纪": "ji",
}  # fmt: skip


def pinyin_of(name: str) -> str:
    """``李小满`` → ``li xiao man``; the surname by the surname table (单 → shan, 曾 → zeng)."""
    plain = name.replace("·", "").strip()
    for length in (2, 1):
        if plain[:length] in SURNAMES:
            rest = lazy_pinyin(plain[length:])
            return " ".join([SURNAMES[plain[:length]], *rest]).lower()
    return " ".join(lazy_pinyin(plain)).lower()
