"""The manual: every topic a refusal or a page of the window names has a page, every link leads somewhere, all is in the index."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELP = ROOT / "resources" / "help"
PAGES = {path.stem for path in HELP.glob("*.md")}
FOR_CLERKS = sorted(PAGES - {"decisions"})
REFUSALS = {"Refusal": 2, "Fault": 2, "Built": 2, "FieldRefusal": 3}
"""Class → the place of its argument ``topic``."""


def topics() -> Iterator[tuple[str, str]]:
    """(place in the code, topic) of every topic written as a constant."""
    for path in sorted([*(ROOT / "db").rglob("*.py"), *(ROOT / "desktop_app").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for found in _topics(node):
                if isinstance(found, ast.Constant) and found.value:
                    yield f"{path.relative_to(ROOT)}:{found.lineno}", str(found.value)


def _topics(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
        at = REFUSALS[node.func.id]
        yield from node.args[at : at + 1]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "topic")
    elif isinstance(node, ast.arguments):
        named = [*node.posonlyargs, *node.args][-len(node.defaults) :] if node.defaults else []
        yield from (value for name, value in zip(named, node.defaults, strict=True) if name.arg == "topic")
    elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "TOPIC" for t in node.targets):
        yield node.value


def test_every_topic_named_in_code_has_a_page() -> None:
    named = list(topics())
    assert len({topic for _, topic in named}) >= 5
    assert [(place, topic) for place, topic in named if topic not in FOR_CLERKS] == []


def test_every_link_leads_to_a_page() -> None:
    for name in FOR_CLERKS:
        linked = re.findall(r"\]\(([^)]+)\)", (HELP / f"{name}.md").read_text(encoding="utf-8"))
        pages = [link for link in linked if not link.startswith("pictures/")]
        assert [link for link in pages if not (HELP / link).is_file()] == [], name


def test_the_index_leads_to_every_page() -> None:
    index = (HELP / "index.md").read_text(encoding="utf-8")
    assert [name for name in FOR_CLERKS if name != "index" and f"({name}.md)" not in index] == []


def test_pages_are_chinese_and_begin_with_their_title() -> None:
    for name in FOR_CLERKS:
        text = (HELP / f"{name}.md").read_text(encoding="utf-8")
        assert re.match(r"# [^\n]*[一-鿿][^\n]*\n", text), name
        assert len(re.findall("[一-鿿]", text)) > 80, name


def test_every_command_and_long_option_of_the_manual_exists() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "desktop_app" / "cli").glob("*.py"))
    manual = (HELP / "command-line.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"zhenggai ([a-z]+)", manual))
    assert commands >= {"new", "intake", "notice", "check", "history", "verify", "rebuild", "backup", "demo"}
    for word in commands | set(re.findall(r"--[a-z][a-z-]*", manual)):
        assert f'"{word}"' in sources, word
