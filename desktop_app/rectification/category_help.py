"""The manual's page of a category, made from its definition: what to enter where, what is reckoned, what is checked."""

from __future__ import annotations

from collections.abc import Iterator

from db.schema.definition import CategoryDefinition, Register
from db.schema.definition.scope import OWN
from desktop_app.rectification import telling

_WITHHELD = {"public": "", "internal": "内部", "secret": "不公开"}


def page(category: CategoryDefinition) -> str:
    """Markdown, in Chinese."""
    lines = [f"# {category.title}", ""]
    if category.help:
        lines += [category.help, ""]
    for register in category.registers.values():
        lines += [*_register(category, register), ""]
    lines += [*_indicators(category), *_rules(category), *_passages(category)]
    return "\n".join(lines).rstrip() + "\n"


def _register(category: CategoryDefinition, register: Register) -> Iterator[str]:
    tags = [tag for tag in (_WITHHELD[register.publicity], "已停用" if register.retired else "") if tag]
    yield f"## {register.title}" + (f"（{'、'.join(tags)}）" if tags else "")
    yield ""
    if register.help:
        yield register.help
        yield ""
    if register.closing:
        yield f"这是清单：填了“{telling.field(category, register.key, (register.closing,))}”的行才算销号。"
        yield ""
    for spec in register.fields:
        if spec.name in OWN or spec.kind.retired:
            continue
        marks = [m for m in ("必填" if spec.kind.required else "", "不重复" if spec.kind.unique else "",
                             _WITHHELD[spec.kind.publicity]) if m]  # fmt: skip
        told = "；".join(w for w in (telling.kind_words(category, spec), "、".join(marks), spec.kind.help) if w)
        yield f"- **{spec.kind.label}**：{told}"
    for one in register.computed:
        yield f"- **{one.label}**：{telling.computed_words(category, register, one)}{f'；{one.help}' if one.help else ''}"


def _indicators(category: CategoryDefinition) -> Iterator[str]:
    if category.indicators:
        yield from ("## 指标", "")
        for one in category.indicators.values():
            unit = f"（{one.unit}）" if one.unit else ""
            during = f"。不另选期间时算{one.during}" if one.during else ""
            yield f"- **{one.title}**{unit}：{telling.indicator(category, one)}{during}。{one.help}"
        yield ""


def _rules(category: CategoryDefinition) -> Iterator[str]:
    if category.rules:
        yield from ("## 检查", "")
        for one in category.rules.values():
            basis = f"依据：{one.basis}。" if one.basis else ""
            advice = f"怎么办：{one.advice.rstrip('。')}。" if one.advice else ""
            hard = "违反的不能保存。" if one.hard else ""
            yield f"- **{one.title}**：{telling.rule(category, one)}。{hard}{basis}{advice}"
        yield ""


def _passages(category: CategoryDefinition) -> Iterator[str]:
    if category.passages:
        yield from ("## 可以插入的语句", "", "花括号处印出指标当时的数。", "")
        for one in category.passages:
            words = one.text
            for key, indicator in category.indicators.items():
                words = words.replace("{" + key + "}", f"〔{indicator.title}〕")
            yield f"- {words}"
