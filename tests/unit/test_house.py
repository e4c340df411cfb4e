"""The house keeps its own rules: what lies at the top, how long things are, what no file may name."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "build_installer.spec", "db", "desktop_app",
    "pyproject.toml", "requirements.lock", "resources", "tests",
}  # fmt: skip
SOURCES = sorted(p for folder in ("db", "desktop_app") for p in (ROOT / folder).rglob("*.py"))


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("this is no clone of the repository")
    return [name for name in listed.stdout.decode().split("\0") if name]


def test_the_top_level_is_as_the_user_gave_it() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP


def test_no_file_names_a_package_host() -> None:
    hosts = re.compile(
        "|".join(("files.python" + "hosted", "py" + r"pi\.org", "--index" + "-url", "deb" + r"\.debian\.org"))
    )
    for name in tracked():
        path = ROOT / name
        if path.suffix in (".py", ".toml", ".md", ".lock", ".txt", ".spec", "") and path.is_file():
            assert not hosts.search(path.read_text("utf-8", "replace")), name


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_nothing_grows_into_two_things(path: Path) -> None:
    words = path.read_text("utf-8")
    assert words.count("\n") <= 400, "a file over 400 lines is two things"
    tree = ast.parse(words)
    assert not words.strip() or ast.get_docstring(tree), "a module opens with a sentence on what it owns"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is longer than 60 lines"
        elif isinstance(node, ast.ClassDef):
            offered = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
            own = [m for m in offered if m.name.islower()]  # Qt's own names are overrides
            assert len(own) <= 15, f"{node.name} offers {len(own)} methods"
