"""The statements of a save, built once: making an SQLAlchemy statement costs more than running it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Delete, Insert, Select, Table, Update, bindparam, func, select


@dataclass(frozen=True)
class Statements:
    """What the log and its neighbours are asked and told at every save."""

    clock: Select[Any]
    """→ the greatest clock of the log, None when it is empty."""
    taken: Select[Any]
    """→ when the last row of the log was taken."""
    head: Select[Any]
    """replica → sequence, hash of its last change."""
    append: Insert
    binding: Select[Any]
    """installation → path, replica."""
    versions: Select[Any]
    """record, ids → id, clock, replica, hash, parents, fields of every change of these records."""
    disputed: Select[Any]
    """record, ids → id, field, hash of the open conflicts."""
    settle: Delete
    """record_, id_, field_ → takes the conflict over one field out."""
    forget: Delete
    """record_, ids → takes all conflicts of these records out."""
    dispute: Insert


def statements(log: Table, conflict: Table, binding: Table) -> Statements:
    """The statements for these tables."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    record = conflict.c.record == bindparam("record_")
    return Statements(
        clock=select(func.max(log.c.clock)),
        taken=select(log.c.taken).order_by(log.c.position.desc()).limit(1),
        head=select(log.c.sequence, log.c.hash)
        .where(log.c.replica == bindparam("replica"))
        .order_by(log.c.sequence.desc())
        .limit(1),
        append=log.insert(),
        binding=select(binding.c.path, binding.c.replica).where(binding.c.installation == bindparam("installation")),
        versions=select(log.c.id, log.c.clock, log.c.replica, log.c.hash, log.c.parents, log.c.fields).where(
            log.c.record == bindparam("record"), log.c.id.in_(ids)
        ),
        disputed=select(conflict.c.id, conflict.c.field, conflict.c.hash).where(record, conflict.c.id.in_(ids)),
        settle=conflict.delete().where(
            record, conflict.c.id == bindparam("id_"), conflict.c.field == bindparam("field_")
        ),
        forget=conflict.delete().where(record, conflict.c.id.in_(ids)),
        dispute=conflict.insert(),
    )


@dataclass(frozen=True)
class RecordStatements:
    """What one record table is asked and told at every save."""

    heads: Select[Any]
    """ids → id, deleted, heads."""
    insert: Insert
    update: Update
    """id_ and a value a column → sets these columns of one row; the others stay, and so do their indexes."""
    delete: Delete
    """ids → takes these rows out."""


def record_statements(table: Table) -> RecordStatements:
    """The statements for this record table."""
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    return RecordStatements(
        heads=select(table.c.id, table.c.deleted, table.c.heads).where(table.c.id.in_(ids)),
        insert=table.insert(),
        update=table.update().where(table.c.id == bindparam("id_")),
        delete=table.delete().where(table.c.id.in_(ids)),
    )
