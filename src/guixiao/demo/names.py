"""Made-up Chinese names, the same for the same seed."""

from __future__ import annotations

import random

SURNAMES = (
    "李王张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "农蒙岑庞甘"
)
BOYS = [
    "志强",
    "俊杰",
    "浩宇",
    "子轩",
    "国强",
    "文博",
    "天佑",
    "家乐",
    "一鸣",
    "梓轩",
    "志豪",
    "小川",
    "俊宇",
    "浩然",
    "子墨",
    "明辉",
    "建军",
    "海波",
    "思远",
    "晓峰",
    "文杰",
    "永福",
    "志远",
    "子涵",
    "大成",
    "小虎",
    "成林",
    "世杰",
    "家豪",
    "宇航",
    "逸飞",
    "启明",
    "承志",
    "铭泽",
    "子恒",
    "昊天",
    "嘉树",
    "景行",
    "立新",
    "长青",
]
GIRLS = [
    "小燕",
    "佳怡",
    "思敏",
    "美琪",
    "文静",
    "诗涵",
    "晓丽",
    "雨桐",
    "紫萱",
    "婷婷",
    "小满",
    "欣怡",
    "雨薇",
    "美玲",
    "海燕",
    "子晴",
    "丽娟",
    "小雨",
    "佳慧",
    "雅婷",
    "晓彤",
    "雨欣",
    "梦琪",
    "静怡",
    "秀兰",
    "春燕",
    "思琪",
    "若曦",
    "心怡",
    "可欣",
    "语桐",
    "依诺",
    "沐晴",
    "芷若",
    "安然",
    "书瑶",
    "念慈",
    "月华",
    "清荷",
    "采薇",
]
ADULTS = [
    "国栋",
    "建华",
    "秀英",
    "桂兰",
    "志和",
    "启明",
    "文斌",
    "秀兰",
    "永福",
    "丽娟",
    "大成",
    "正国",
    "春燕",
    "佩文",
    "海生",
    "静",
    "德明",
    "玉珍",
    "光辉",
    "淑芬",
    "卫东",
    "红梅",
    "立军",
    "凤英",
    "家兴",
    "金花",
    "世昌",
    "彩霞",
    "振华",
    "月娥",
    "少华",
    "美玉",
    "长贵",
    "翠芳",
    "新民",
    "素珍",
    "学文",
    "惠兰",
    "子健",
    "雪梅",
]


class Names:
    """A generator of names; every name it gave is remembered so that staff do not share one."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - made-up people, not secrets
        self.given: set[str] = set()

    def pupil(self, sex: str, surname: str | None = None) -> str:
        surname = surname or self.dice.choice(SURNAMES)
        return surname + self.dice.choice(GIRLS if sex == "2" else BOYS)

    def parent(self, surname: str | None = None) -> str:
        return (surname or self.dice.choice(SURNAMES)) + self.dice.choice(ADULTS)

    def staff(self) -> str:
        """A name nobody on the staff has yet."""
        while (name := self.parent()) in self.given:
            pass
        self.given.add(name)
        return name
