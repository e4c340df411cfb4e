"""The command line: ``zhenggai COMMAND …``. Every command has help and ``--json``; exit code 0 done, 1 found, 2 refused."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any

import typer

from db.errors import Refusal
from desktop_app.cli import ledger_commands, paper_commands
from desktop_app.cli.printing import DONE, REFUSED, refuse

_click: Any = importlib.import_module(
    "typer._click.exceptions" if importlib.util.find_spec("typer._click") else "click.exceptions"
)
"""The exceptions of the parser: newer versions of typer bring their own copy of it along."""

app = typer.Typer(
    name="zhenggai",
    help="整改通：巡察整改台账与通报。不带命令时打开窗口。",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
ledger_commands.register(app)
paper_commands.register(app)


def main(argv: list[str]) -> int:
    """Runs one command; returns its exit code. Refusals become sentences, anything else is a bug and keeps its trace."""
    as_json = "--json" in argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code: Any = app(argv, prog_name="zhenggai", standalone_mode=False)
    except Refusal as refusal:
        return refuse(refusal, as_json=as_json)
    except _click.UsageError as wrong:
        return refuse(Refusal(_usage(wrong), _advice(wrong), "command-line"), as_json=as_json)
    except (_click.Exit, _click.Abort) as left:
        return int(getattr(left, "exit_code", REFUSED))
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    return code if isinstance(code, int) else DONE


def _usage(wrong: Any) -> str:
    """The sentence for a command that was typed wrongly."""
    parameter = getattr(wrong, "param", None)
    name = (parameter.metavar or parameter.human_readable_name) if parameter is not None else "参数"
    if isinstance(wrong, _click.NoSuchOption):
        return f"没有“{wrong.option_name}”这个选项。"
    if isinstance(wrong, _click.MissingParameter):
        return f"缺少 {name}。"
    if isinstance(wrong, _click.BadParameter):
        return f"{name} 的写法不对。"
    if "No such command" in wrong.message:
        return f"没有{wrong.message.removeprefix('No such command').rstrip('.')} 这个命令。"
    return "命令的写法不对。"


def _advice(wrong: Any) -> str:
    where = wrong.ctx.command_path if wrong.ctx is not None else "zhenggai"
    return f"用法见：{where} --help"
