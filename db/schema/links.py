"""Kinds that point at other records, and lists of short texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from db.schema.kinds import Kind, Stored
from db.schema.typed import UNPRINTABLE

_ID = re.compile(r"[0-9A-Za-z_.:-]{1,64}")


@dataclass(frozen=True)
class Ref(Kind[str]):
    """The id of one record of the schema named ``to``. ``owner`` says that this record is a part of that one: it is
    listed in its form, and deleting that one deletes it in the same deed. ``indexed`` says that rows are looked up by it."""

    to: str = ""
    owner: bool = False
    indexed: bool = True

    def parse(self, text: str) -> str | None:
        typed = text.strip()
        if not typed:
            return None
        self.check(typed)
        return typed

    def show(self, value: str) -> str:
        return value

    def load(self, stored: Stored) -> str:
        if not isinstance(stored, str):
            raise self.wrong("应是另一条记录的编号。")
        return stored

    def check(self, value: str) -> None:
        if not _ID.fullmatch(value):
            raise self.wrong("请从列表里选取。")


def _list(kind: Kind[tuple[str, ...]], stored: Stored) -> tuple[str, ...]:
    if not isinstance(stored, list) or not stored or not all(isinstance(item, str) for item in stored):
        raise kind.wrong("应是一组文字。")
    return tuple(stored)


@dataclass(frozen=True)
class Refs(Kind[tuple[str, ...]]):
    """The ids of several records of one schema, in order."""

    to: str = ""
    structured: ClassVar[bool] = True

    def parse(self, text: str) -> tuple[str, ...] | None:
        value = tuple(dict.fromkeys(text.replace("、", " ").replace("，", " ").split()))
        if not value:
            return None
        self.check(value)
        return value

    def show(self, value: tuple[str, ...]) -> str:
        return "、".join(value)

    def store(self, value: tuple[str, ...]) -> Stored:
        return list(value)

    def load(self, stored: Stored) -> tuple[str, ...]:
        return _list(self, stored)

    def check(self, value: tuple[str, ...]) -> None:
        if not value or len(set(value)) != len(value) or not all(_ID.fullmatch(item) for item in value):
            raise self.wrong("请从列表里选取，每项一次。")


@dataclass(frozen=True)
class Texts(Kind[tuple[str, ...]]):
    """Several short texts (telephone numbers, departments), typed with ； or a new line between them."""

    longest: int = 200
    structured: ClassVar[bool] = True
    separators: ClassVar[str] = r"[；;\n]"

    def parse(self, text: str) -> tuple[str, ...] | None:
        parts = [" ".join(part.split()) for part in re.split(self.separators, text)]
        value = tuple(part for part in parts if part)
        if not value:
            return None
        self.check(value)
        return value

    def show(self, value: tuple[str, ...]) -> str:
        return "；".join(value)

    def store(self, value: tuple[str, ...]) -> Stored:
        return list(value)

    def load(self, stored: Stored) -> tuple[str, ...]:
        return _list(self, stored)

    def check(self, value: tuple[str, ...]) -> None:
        for item in value:
            bad = not item or item != " ".join(item.split()) or re.search(self.separators, item)
            if bad or UNPRINTABLE.search(item):
                raise self.wrong(f"里“{item[:20]}”的写法不对，各项之间用分号隔开。")
            if len(item) > self.longest:
                raise self.wrong(f"每项最多 {self.longest} 个字。")
        if not value:
            raise self.wrong("至少要有一项，没有就留空。")
