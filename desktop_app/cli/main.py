"""The command line: ``zhenggai COMMAND …``. Every command has help and ``--json``; exit code 0 done, 1 found, 2 refused."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import typer

from db.errors import Refusal
from desktop_app.cli import (
    category_commands,
    check_commands,
    conflict_commands,
    duty_commands,
    exchange_commands,
    helping,
    history_commands,
    indicator_commands,
    issue_commands,
    ledger_commands,
    overview_commands,
    paper_commands,
    print_commands,
    review_commands,
    search_commands,
    sheet_commands,
    verify_commands,
)
from desktop_app.cli.printing import DONE, REFUSED, refuse

_parser: Any = sys.modules[typer.BadParameter.__module__]
"""The module of the parser's complaints: typer's own, or that of the library it leans on, by version."""

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
history_commands.register(app)
overview_commands.register(app)
check_commands.register(app)
duty_commands.register(app)
category_commands.register(app)
paper_commands.register(app)
issue_commands.register(app)
print_commands.register(app)
search_commands.register(app)
verify_commands.register(app)
sheet_commands.register(app)
indicator_commands.register(app)
exchange_commands.register(app)
conflict_commands.register(app)
review_commands.register(app)


def main(argv: list[str]) -> int:
    """Runs one command; returns its exit code. Refusals become sentences, anything else is a bug and keeps its trace."""
    as_json = "--json" in argv
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code: Any = _run(argv, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    return code if isinstance(code, int) else DONE


def _run(argv: list[str], *, as_json: bool) -> Any:
    try:
        if not helping.asks(argv):
            return app(argv, prog_name="zhenggai", standalone_mode=False)
        with redirect_stdout(StringIO()) as said:
            code = app(argv, prog_name="zhenggai", standalone_mode=False)
        print(helping.translated(said.getvalue()), end="")
        return code
    except Refusal as refusal:
        return refuse(refusal, as_json=as_json)
    except _parser.UsageError as wrong:
        return refuse(Refusal(_usage(wrong), _advice(wrong), "command-line"), as_json=as_json)
    except typer.Exit as left:
        return left.exit_code
    except typer.Abort:
        return REFUSED
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # the parser turns the one into the other
            raise left.__context__ from None
        raise


def _nobody_reads() -> int:
    """The reader of the pipe has left (``| head``): what is still in the buffers goes nowhere, and that is no fault."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
    return DONE


def _usage(wrong: Any) -> str:
    """The sentence for a command that was typed wrongly."""
    parameter = getattr(wrong, "param", None)
    name = _named(parameter)
    if isinstance(wrong, _parser.NoSuchOption):
        return f"没有“{wrong.option_name}”这个选项。"
    if isinstance(wrong, _parser.MissingParameter):
        return f"缺少{name}。"
    if isinstance(wrong, _parser.BadParameter):
        return f"{name}的写法不对。"
    if "No such command" in wrong.message:
        return f"没有“{wrong.message.split(chr(39))[1]}”这个命令。"
    return "命令的写法不对。"


_NAMES = {"LEDGER": "台账文件", "FILE…": "旧通报文件", "DIR": "文件夹", "OUT": "印到哪个文件"}


def _named(parameter: Any) -> str:
    """A parameter as a clerk knows it: what it is, and the option it is typed behind."""
    if parameter is None:
        return "参数"
    what = _NAMES.get(parameter.metavar or "", "")
    option = next((o for o in parameter.opts if o.startswith("--")), "")
    return f"{what}（{option}）" if what and option else what or f" {option or parameter.human_readable_name} "


def _advice(wrong: Any) -> str:
    where = wrong.ctx.command_path if wrong.ctx is not None else "zhenggai"
    return f"用法见：{where} --help"
