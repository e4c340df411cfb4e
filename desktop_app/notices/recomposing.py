"""An issued paper composed once more from the ledger: as the ledger is now, or as it was when the paper was issued.

The second gives its words back where their bytes did not come along with a merge: the log holds everything they were made of,
and the hash of the kept words proves that they are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from db.errors import Refusal
from db.ledger import history
from db.ledger.facts import Facts
from db.schema.records import IssuedPaper, Notice
from desktop_app.notices import compose, issuing, kept, papers, stored, tree

TOPIC = "verify"


def composed_now(facts: Facts, paper: IssuedPaper, document: tree.Document | None = None) -> tree.Document:
    """The paper as it would be printed from these facts, under its number and of its day. ``Refusal`` when it cannot be;
    ``document`` is what was issued: of a batch the paper about the same records is meant."""
    notice = facts.get(Notice, paper.notice)
    if notice is not None:
        whole = replace(notice, document_number=paper.document_number, issued=paper.day)
        return compose.compose(facts, whole, today=day_of(paper), internal=paper.publicity != "public")
    wanted = kept.wanted_of(paper.source) if paper.source is not None else None
    if wanted is None:
        raise Refusal("这份文书不是由台账直接印出来的，不能按现在的台账再印一份。", "", TOPIC)
    made = papers.made(facts, *wanted).documents
    about = issuing.origins(document) if document else {}
    chosen = max(made, key=lambda one: len(about.keys() & issuing.origins(one).keys()))
    number = document.head.document_number if document and document.head else ""
    return _headed(chosen, number) if number else chosen


def _headed(document: tree.Document, number: str) -> tree.Document:
    return replace(document, head=replace(document.head or tree.Head(""), document_number=number))


def day_of(paper: IssuedPaper) -> date:
    """The day a paper bears."""
    return paper.day or date(2000, 1, 1)


def seen_of(paper: IssuedPaper) -> dict[str, int]:
    """Replica → the sequence number up to which the ledger held it when the paper was issued."""
    found = {}
    for line in paper.seen or ():
        replica, _, sequence = line.partition(" ")
        if sequence.isdecimal():
            found[replica] = int(sequence)
    return found


def words_of(facts: Facts, paper: IssuedPaper) -> tree.Document:
    """The words as they were issued: those kept, else composed from the ledger of that moment and proven by their hash.
    ``Refusal`` where neither can be."""
    try:
        return kept.document_of(facts, paper)
    except Refusal:
        seen = seen_of(paper)
        if not seen or history.head(facts, seen) != paper.head:
            raise
        for document in _then(history.at_seen(facts, seen), paper):
            data = stored.to_json(document).encode("utf-8", "surrogatepass")
            if paper.tree is not None and hashlib.sha256(data).hexdigest() == paper.tree.hash:
                return document
        raise


def _then(facts: Facts, paper: IssuedPaper) -> Iterator[tree.Document]:
    """What may have been issued from these facts: with the number in its head, or where a slip has room for it."""
    try:
        bare = composed_now(facts, paper)
    except Refusal:
        return
    for document in (bare, _headed(bare, paper.document_number or "")):
        if paper.publicity == "public":
            yield document
        else:
            told = kept.code(paper.stamp or "", kept.number_of(paper), paper.digest or "")
            yield replace(document, code=told)
