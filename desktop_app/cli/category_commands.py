"""Commands about categories: those a ledger has, their definitions taken in and given out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from db.errors import Refusal
from db.ledger.facts import Facts
from db.ledger.ledger import Ledger
from db.schema.records import Category
from desktop_app.cli.ledger_commands import Actor, Json, LedgerPath, acting, opened
from desktop_app.cli.printing import DONE, tell
from desktop_app.rectification import categories, category_help, designing

TOPIC = "categories"


def list_categories(
    ledger: LedgerPath,
    take: Annotated[
        Path | None, typer.Option("--import", metavar="FILE", help="导入类别定义文件（.toml）", show_default=False)
    ] = None,
    give: Annotated[str, typer.Option("--export", metavar="CATEGORY", help="导出哪个类别", show_default=False)] = "",
    told: Annotated[
        str, typer.Option("--help-of", metavar="CATEGORY", help="看哪个类别的说明", show_default=False)
    ] = "",
    update: Annotated[bool, typer.Option("--update", help="把程序自带的类别更新到台账里")] = False,
    output: Annotated[Path | None, typer.Option("-o", metavar="FILE", help="写到哪个文件", show_default=False)] = None,
    actor: Actor = "",
    json: Json = False,
) -> int:
    """列出问题类别；导入、导出类别的定义。"""
    if sum((take is not None, bool(give), bool(told), update)) > 1:
        raise Refusal("--import、--export、--help-of、--update 一次只能用一个。", "请分几次做。", TOPIC)
    with opened(ledger) as facts:
        if take is not None:
            return _take(facts, take, acting(actor), json)
        if give or told:
            key = named(facts, give or told)
            words = designing.export(facts, key) if give else category_help.page(facts.definitions[key])
            return _give(words, output, json)
        if update:
            outcome = categories.install(facts, acting(actor))
            tell(
                [f"更新了 {outcome.taken} 处。" if outcome.taken else "已经是最新的。"],
                {"taken": outcome.taken},
                as_json=json,
            )
            return DONE
        return _list(facts, json)


def named(facts: Facts, wanted: str) -> str:
    """The key of a category named by its key or its Chinese title (a part that fits one only); ``Refusal`` lists them."""
    titles = {key: one.title for key, one in facts.definitions.items()}
    exact = [key for key, title in titles.items() if wanted in (key, title)]
    found = exact or [key for key, title in titles.items() if wanted and wanted in title]
    if len(found) != 1:
        said = "可以是几个类别" if found else "台账里没有这个类别"
        raise Refusal(f"“{wanted}”：{said}。", f"台账里有：{'、'.join(titles.values())}。", TOPIC)
    return found[0]


def _take(facts: Ledger, path: Path, actor: str, json: bool) -> int:
    try:
        words = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Refusal(f"没有这个文件：{path}", "请核对文件名。", TOPIC) from None
    except UnicodeDecodeError:
        raise Refusal(f"{path.name} 不是 UTF-8 文字。", "请用 UTF-8 编码另存。", TOPIC) from None
    outcome = designing.take_file(facts, path.stem, words, path.name, actor)
    definition = facts.definitions[path.stem]
    counts = {
        "registers": len(definition.registers),
        "indicators": len(definition.indicators),
        "rules": len(definition.rules),
    }
    line = "{registers} 个登记表，{indicators} 个指标，{rules} 条规则".format(**counts)
    done = "已导入" if outcome.taken else "台账里已有，没有改动"
    tell(
        [f"{done}：{definition.title}（{line}）"],
        {"category": path.stem, "taken": outcome.taken, **counts},
        as_json=json,
    )
    return DONE


def _give(words: str, output: Path | None, json: bool) -> int:
    if output is None:
        tell([words.rstrip()], {"text": words}, as_json=json)
        return DONE
    try:
        output.write_text(words, encoding="utf-8")
    except OSError as wrong:
        raise Refusal(f"写不了 {output}：{wrong.strerror or wrong}。", "请换一个位置。", TOPIC) from None
    tell([f"已写：{output}"], {"file": str(output)}, as_json=json)
    return DONE


def _list(facts: Ledger, json: bool) -> int:
    lines, data = [], []
    for category in facts.all(Category):
        key = category.id.removeprefix("category-")
        definition = facts.definitions.get(key)
        registers = [(one.name, one.title) for one in definition.registers.values()] if definition else []
        lines.append(f"{category.title}（{key}）")
        lines += [f"  {name}  {title}" for name, title in registers]
        data.append({"key": key, "title": category.title, "registers": dict(registers)})
    lines += [f"注意：{one}" for one in facts.vocabulary.troubles]
    tell(lines, {"categories": data, "troubles": list(facts.vocabulary.troubles)}, as_json=json)
    return DONE


def register(app: typer.Typer) -> None:
    """Puts the commands of this module under their names."""
    app.command("categories")(list_categories)
