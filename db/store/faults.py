"""The computer's failures, told in a clerk's words: every foreign error of the ledger file is translated at this door."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
from sqlalchemy.exc import DBAPIError

from db.errors import Fault

_FULL = "磁盘已满，没有保存。"
_FULL_ADVICE = "请删除不用的文件或换一个磁盘，再保存一次；已保存的内容没有受影响。"

_DAMAGED = "台账文件已损坏：{path}"
_DAMAGED_ADVICE = "请不要继续使用它，用最近的备份恢复；损坏的文件请另存保留，不要删除。"

_SENTENCES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("locked", "busy"), "台账文件正被另一个程序使用：{path}", "请稍等片刻再试，或关闭另一个正在使用它的窗口。"),
    (("full",), _FULL, _FULL_ADVICE),
    (
        ("readonly", "read-only"),
        "台账文件是只读的，不能保存：{path}",
        "请把它复制到电脑硬盘上再打开，或去掉文件的“只读”属性。",
    ),
    (("not a database", "encrypted"), "这个文件不是整改通台账：{path}", "请选取整改通的台账文件（.zgl）。"),
    (
        ("malformed", "corrupt", "could not decode", "no such", "not authorized", "interrupted", "too big"),
        _DAMAGED,
        _DAMAGED_ADVICE,
    ),
    (("unable to open", "cannot open"), "打不开台账文件：{path}", "请看文件和所在文件夹是否还在，是否有读写权限。"),
    (("disk i/o", "i/o error"), "读写磁盘出错：{path}", "请检查磁盘或U盘是否插好，必要时换一个磁盘。"),
)


def fault(error: BaseException, path: Path) -> Fault | None:
    """The sentence for an error of the file system or of SQLite; None when it is none of these (a bug of ours)."""
    if isinstance(error, UnicodeDecodeError | orjson.JSONDecodeError):
        return Fault(_DAMAGED.format(path=path), _DAMAGED_ADVICE, "faults")  # text in the file that is none
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, OSError):
        return _system_fault(cause, path)
    if type(cause).__module__.split(".")[0] not in ("sqlite3", "sqlcipher3"):
        return None
    words = str(cause).lower()
    for cues, sentence, advice in _SENTENCES:
        if any(cue in words for cue in cues):
            return Fault(sentence.format(path=path), advice, "faults")
    return None


def _system_fault(error: OSError, path: Path) -> Fault:
    if error.errno in (errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC):
        return Fault(_FULL, _FULL_ADVICE, "faults")
    if error.errno == errno.ENAMETOOLONG:
        return Fault(f"文件名太长：{path.name[:30]}…", "请把文件名改短一些。", "faults")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Fault(f"没有权限读写：{path}", "请换一个文件夹，或请管理员给予权限。", "faults")
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return Fault(f"找不到：{path}", "请看路径是否写对，U盘是否插好。", "faults")
    if error.errno == errno.EISDIR:
        return Fault(f"这是一个文件夹，不是文件：{path}", "请选取一个文件。", "faults")
    return Fault(f"读写文件出错：{path}", "请检查磁盘或U盘后再试。", "faults")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raises what happens inside as a ``Fault`` where it is the computer's, unchanged where it is ours."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        found = fault(error, path)
        if found is None:
            raise
        raise found from error
    except Exception as error:
        found = fault(error, path)
        if found is None:
            raise
        raise found from error


def gone(fault: Fault) -> bool:
    """Whether SQLite missed a table or column that went with a definition. Those of the core (no $ in their names) never go:
    without them the file is damaged."""
    return _GONE.search(str(fault.__cause__)) is not None


_GONE = re.compile(r"no such (?:table|column|index): (?!r_\w+(?:\.|\s|\)|$)(?!\$))")
