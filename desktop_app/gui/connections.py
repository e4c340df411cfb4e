"""Every connection between the pages, the frame and the session, in one place; and every command and key of the window."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from db.schema.links import Ref
from desktop_app.gui import duty_door
from desktop_app.gui.commands import Command, Key, keys
from desktop_app.gui.exchange_door import PAGE as EXCHANGE
from desktop_app.gui.morning import greeting

if TYPE_CHECKING:
    from datetime import date

    from desktop_app.gui.desk import Desk
    from desktop_app.gui.exchange_volumes import Volume
    from desktop_app.rectification.duty_calendar import Door
    from desktop_app.rectification.finding import Severity
    from desktop_app.rectification.overview import Narrowing
    from desktop_app.rectification.reminders import Group, Reminder
    from desktop_app.rectification.rows_filters import Filter

Connection = tuple[Any, Any]
"""A signal, and the function it calls or the signal it becomes."""

HOMES = {
    "problem": "problems",
    "notice": "notices",
    "unit": "settings",
    "clerk": "settings",
    "inspection": "settings",
    "category": "settings",
    "named_period": "settings",
}
"""Schema → the page where its records are shown; a part is shown on the page of the record it is a part of."""
TWINS = "疑似重复"
"""The tab of the page 交换 where records that may be one are judged."""
DUTIES = "duties"
"""The page that tells what is due."""
REGISTERS = "registers"
"""The page where the rows of registers are shown; the schema of a register is called ``category.register``."""


def frame(desk: Desk) -> tuple[Connection, ...]:
    """What connects the session and the parts of the frame."""
    session, top, message = desk.session, desk.top, desk.message
    return (
        (session.announced, desk.heard),
        (session.announced, desk.duties.hear),
        (session.looked, desk.duties.ask_soon),
        (desk.duties.changed, lambda found: remind(desk, found)),
        (desk.morning.wanted, lambda: desk.open(DUTIES)),
        (desk.morning.away.clicked, desk.fold_bars),
        (session.announced, desk.exchange.hear),
        (session.looked, desk.exchange.watch.switch),
        (desk.exchange.watch.appeared, lambda volume, files: stick(desk, volume, files)),
        (desk.exchange.wanted, lambda files: take(desk, files)),
        (session.looked, desk.looked),
        (session.drafted, desk.typed),
        (session.refused, desk.stands_against),
        (session.said, message.say),
        (session.help_wanted, desk.help_wanted),
        (session.record_wanted, desk.show_record),
        (session.rows_wanted, lambda register, filters: show_rows(desk, register, filters)),
        (desk.side.chosen, desk.open),
        (desk.side.closing_wanted, desk.closing_wanted),
        (session.announced, desk.attention.hear),
        (session.looked, desk.attention.ask_soon),
        (desk.attention.counted, desk.side.count),
        (session.started, desk.jobs.begun),
        (session.moved, desk.jobs.moved),
        (session.ended, desk.jobs.finish),
        (message.undo_wanted, session.undo),
        (message.show_wanted, lambda: show_draft(desk)),
        (top.actor_wanted, desk.ask_actor),
        (top.search_wanted, desk.finding.open),
        (desk.finding.record_wanted, lambda record, identifier: show_found(desk, record, identifier)),
        (session.announced, desk.finding.hear),
        (top.help_wanted, lambda: desk.help_wanted.emit(desk.topic())),
        (desk.bar.help_wanted, desk.help_wanted),
        (desk.ailing.help_wanted, desk.help_wanted),
    )


def page(desk: Desk, made: QWidget) -> tuple[Connection, ...]:
    """What connects a page with the frame, as far as the page has such signals."""
    offered = (
        ("wanted", desk.show_record),
        ("field_wanted", lambda record, identifier, field: show_field(desk, record, identifier, field)),
        ("register_wanted", lambda name, unit: show_register(desk, name, unit)),
        ("door_wanted", lambda door: open_door(desk, door)),
        ("problems_wanted", lambda narrowing: show_narrowed(desk, narrowing)),
        ("findings_wanted", lambda severity: show_severity(desk, severity)),
        ("conflict_wanted", lambda *conflict: show_conflict(desk, *conflict)),
        ("twins_wanted", lambda record, identifier: show_twins(desk, record, identifier)),
        ("paper_wanted", lambda kind: show_paper(desk, kind)),
        ("page_wanted", lambda name: show_page(desk, name)),
        ("new_wanted", desk.new),
        ("group_wanted", lambda group: show_group(desk, group)),
        ("reminder_wanted", lambda one: show_reminder(desk, one)),
        ("reminders_asked", desk.duties.tell),
        ("reminders_wanted", lambda: seen(desk)),
        ("peer_wanted", lambda peer: show_peer(desk, peer)),
        ("due_changed", desk.duties.ask_soon),
        ("help_wanted", desk.help_wanted),
        ("written", desk.exchange.watch.made_here),
        ("refused", desk.stands_against),
        ("past_wanted", lambda day: look_back(desk, day)),
    )
    told = ((desk.duties.changed, made.show_reminders),) if hasattr(made, "show_reminders") else ()
    return (*told, *((getattr(made, name), act) for name, act in offered if hasattr(made, name)))


def commands(desk: Desk) -> tuple[Command, ...]:
    """Everything the window can be told to do, whatever page is shown; the keys of the window are the keys of these."""
    turning = tuple(
        Command(
            f"到“{page.title}”",
            f"go to {page.name}",
            partial(desk.open, page.name),
            f"Ctrl+{number % 10}" if number <= 10 else "",
            page.icon,
            page.title,
        )
        for number, page in enumerate(desk.known, start=1)
    )
    return (
        Command("新建", "new record", desk.new, "Ctrl+N", "add"),
        Command("保存", "save", lambda: desk.tell("save"), "Ctrl+S"),
        Command(
            "添加一条（措施、佐证等）",
            "add part measure evidence",
            lambda: desk.tell("add_part"),
            "Ctrl+Shift+N",
            "add",
        ),
        Command("打印通报", "print notice", lambda: desk.tell("print"), "Ctrl+P"),
        Command("筛选", "filter rows", lambda: look_up(desk), "Ctrl+F", "search"),
        Command("查找记录、页面、命令", "search find palette", desk.finding.open, "Ctrl+K", "search"),
        Command("下一条", "next record", lambda: desk.tell("step", 1), "Alt+Down"),
        Command("上一条", "previous record", lambda: desk.tell("step", -1), "Alt+Up"),
        Command("回到上一页", "go back previous page", desk.back, "Ctrl+[", "left"),
        Command("撤销上一步", "undo", desk.session.undo, "Ctrl+Alt+Z", "undo"),
        Command("重做", "redo", desk.session.redo, "Ctrl+Alt+Y", "redo"),
        Command("任务：正在进行的和已结束的", "jobs progress tasks", desk.message.open_jobs, "Ctrl+Shift+J", "jobs"),
        Command("快捷键", "keyboard shortcuts keys", lambda: show_keys(desk), "Ctrl+/", "keys"),
        Command("帮助", "help manual", lambda: desk.help_wanted.emit(desk.topic()), "F1", "help"),
        *turning,
        Command("换人", "change user actor", desk.ask_actor, "Ctrl+U", icon="person"),
        Command("换一个台账", "close ledger", desk.closing_wanted.emit),
        Command("今天：按今天计算时限", "as of today", lambda: desk.session.reckon(None)),
        Command("浅色界面", "light theme", lambda: desk.session.keep_settings(theme="light")),
        Command("深色界面", "dark theme", lambda: desk.session.keep_settings(theme="dark")),
        Command("界面跟随系统", "system theme", lambda: desk.session.keep_settings(theme="system")),
    )


def shortcuts(desk: Desk) -> tuple[Key, ...]:
    """Keys, what they do in words, and what they call: those of the commands."""
    return keys(commands(desk))


def show_keys(desk: Desk) -> None:
    """Shows every key of the window on a sheet."""
    from desktop_app.gui.keys_sheet import KeysSheet

    sheet = KeysSheet(commands(desk), desk)
    sheet.open()


def look_back(desk: Desk, day: date) -> None:
    """Shows the ledger as it stood when that day ended, in a window of its own."""
    from desktop_app.gui import past_window

    past_window.look(desk, day)


def show_people(desk: Desk) -> None:
    """Shows who works with the ledger, and their roles."""
    if "settings" in desk.buttons:
        desk.open("settings").show_sort("clerk")  # type: ignore[attr-defined]


def connect(table: Iterable[Connection]) -> None:
    """Makes the connections."""
    for signal, act in table:
        signal.connect(act)


def look_up(desk: Desk) -> None:
    """Ctrl+F: the place to search on the shown page; said where there is none."""
    if hasattr(desk.made.get(desk.shown), "look_up"):
        desk.tell("look_up")
    else:
        desk.session.say("这一页没有可以筛选的内容；查找问题请到“问题”页。", undoable=False)


def show_rows(desk: Desk, register: str, filters: Sequence[Filter]) -> None:
    """Shows those rows of a register that pass the filters: the ones behind a number."""
    if REGISTERS in desk.buttons and register in desk.session.ledger.tables.records:
        desk.open(REGISTERS).show_register(register, filters=filters)  # type: ignore[attr-defined]


def show_page(desk: Desk, name: str) -> None:
    """Shows a page by its name, where this build has it."""
    if name in desk.buttons:
        desk.open(name)


def show_narrowed(desk: Desk, narrowing: Narrowing) -> None:
    """Shows the problems behind a number."""
    desk.open("problems").show_narrowed(narrowing)  # type: ignore[attr-defined]


def show_severity(desk: Desk, severity: Severity) -> None:
    """Shows the findings of one gravity."""
    desk.open("findings").show_severity(severity)  # type: ignore[attr-defined]


def show_conflict(desk: Desk, record: str, identifier: str, field: str) -> None:
    """Shows a conflict on the page 交换."""
    if EXCHANGE in desk.buttons:
        desk.open(EXCHANGE).show_conflict(record, identifier, field)  # type: ignore[attr-defined]


def show_group(desk: Desk, group: Group) -> None:
    """Shows what of one group is to be done."""
    if DUTIES in desk.buttons:
        desk.open(DUTIES).show_group(group)  # type: ignore[attr-defined]


def show_reminder(desk: Desk, one: Reminder) -> None:
    """Shows what a reminder is about, as the page 提醒 does; back leads past that page."""
    if DUTIES in desk.buttons:
        desk.open(DUTIES).open(one)  # type: ignore[attr-defined]
        if desk.shown != DUTIES and desk.trail[-1:] == [DUTIES]:
            desk.trail.pop()


def show_twins(desk: Desk, record: str, identifier: str) -> None:
    """Shows what may be there twice on the page 交换, where it is judged; else the record itself."""
    titles = desk.open(EXCHANGE).strip.titles if EXCHANGE in desk.buttons else []  # type: ignore[attr-defined]
    if TWINS in titles:
        desk.open(EXCHANGE).strip.choose(titles.index(TWINS))  # type: ignore[attr-defined]
    elif record:
        show_record(desk, record, identifier)


def show_paper(desk: Desk, kind: str) -> None:
    """Shows a kind of paper on the page 通报与文书."""
    desk.open("notices").choose(kind)  # type: ignore[attr-defined]


def open_door(desk: Desk, door: Door) -> None:
    """Shows the rows of a duty; where there are none yet a new one begins with whose and when."""
    if REGISTERS in desk.buttons and door.register in desk.session.ledger.tables.records:
        duty_door.go(desk.open(REGISTERS), door)


def seen(desk: Desk) -> None:
    """The page of what is due is looked at: the line of the morning has done its work."""
    desk.morning.hide()
    desk.fold_bars()
    desk.duties.tell()


def remind(desk: Desk, found: Sequence[Reminder]) -> None:
    """Tells what is due: the number in the navigation, and once a day a line."""
    if DUTIES in desk.buttons:
        from desktop_app.rectification.reminders import counted

        desk.side.count(DUTIES, counted(found).overdue)
        words = "" if desk.morning.greeted else greeting(desk.session, found)
        desk.morning.greeted = True
        if words:
            desk.morning.say(words)
            desk.fold_bars()


def stick(desk: Desk, volume: Volume, files: Sequence[Path]) -> None:
    """A stick brought files: a quiet line offers to look at them."""
    if EXCHANGE in desk.buttons:
        desk.exchange.appeared(volume, files)
        desk.fold_bars()


def take(desk: Desk, files: Sequence[Path]) -> None:
    """Shows files on the page 交换, where they are checked."""
    if EXCHANGE in desk.buttons and files:
        desk.exchange.bar.hide()
        desk.fold_bars()
        desk.open(EXCHANGE).take(files)  # type: ignore[attr-defined]


def show_peer(desk: Desk, peer: str) -> None:
    """Shows an office on the page 交换, by its id as a peer."""
    if EXCHANGE in desk.buttons:
        desk.open(EXCHANGE).show_peer(peer)  # type: ignore[attr-defined]


def show_draft(desk: Desk) -> None:
    """Opens the first half-typed form."""
    for record, identifier in desk.session.drafts:
        show_record(desk, record, identifier)
        return


def show_found(desk: Desk, record: str, identifier: str) -> None:
    """Shows a record that was found. A paper that was issued is shown as it left the house, a person with their unit."""
    if record == "issued_paper" and "notices" in desk.buttons:
        shown: Any = desk.open("notices")
        shown.show_issued(identifier)
    elif record == "person":
        found = desk.session.ledger.find(record, identifier)
        show_record(desk, "unit", getattr(found, "unit", None) or "")
    else:
        show_record(desk, record, identifier)


def show_register(desk: Desk, name: str, unit: str) -> None:
    """Shows a register with the rows of one unit ("": of all)."""
    if REGISTERS in desk.buttons:
        desk.open(REGISTERS).show_unit(name, unit)  # type: ignore[attr-defined]


def show_field(desk: Desk, record: str, identifier: str, field: str) -> None:
    """Shows a record and puts the cursor into one of its fields ("": none), as soon as its form is there."""
    show_record(desk, record, identifier)
    if field:
        _reveal(desk, record, identifier, field, 40)


def _reveal(desk: Desk, record: str, identifier: str, field: str, tries: int) -> None:
    page: Any = desk.made.get(desk.shown)
    pane: Any = getattr(page.view() if hasattr(page, "view") else page, "pane", None)
    if pane is not None and (record != pane.schema.name or pane.identifier == identifier):
        pane.show_field(record, identifier, field)
    elif tries:  # a register reads its rows first
        QTimer.singleShot(50, desk, lambda: _reveal(desk, record, identifier, field, tries - 1))


def show_record(desk: Desk, record: str, identifier: str) -> None:
    """Shows a record on its page: a part on the page of what it belongs to, at its place. Also a half-typed one."""
    facts = desk.session.ledger
    path: list[tuple[str, str]] = [(record, identifier)]
    if "." in record and record in facts.tables.records and REGISTERS in desk.buttons:
        desk.open(REGISTERS).show_record(record, identifier)  # type: ignore[attr-defined]
        return
    while path[-1][0] not in HOMES and path[-1][0] in facts.tables.records:
        owner = facts.schema(path[-1][0]).owner()
        found, draft = facts.find(*path[-1]), desk.session.drafts.get(path[-1])
        if owner is None or not isinstance(owner.kind, Ref):
            return
        above = getattr(found, owner.name) if found is not None else draft.fixed.get(owner.name) if draft else None
        if not above:
            return
        path.append((owner.kind.to, above))
    home, top = HOMES.get(path[-1][0]), path[-1]
    if home not in desk.buttons:
        return
    shown = desk.open(home)
    if home == "settings":
        shown.show_record(*top)  # type: ignore[attr-defined]
    elif hasattr(shown, "show_record"):
        shown.show_record(top[1])
        if len(path) > 1 and hasattr(shown, "pane"):
            shown.pane.show_part(*path[-2])
