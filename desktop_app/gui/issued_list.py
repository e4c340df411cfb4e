"""The papers that left the house, in a table: number, title, day, what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from db.schema.records import IssuedPaper
from db.schema.records.words import PUBLICITY
from desktop_app.gui.table import Column, Table


def state(paper: IssuedPaper, corrected: frozenset[str] = frozenset()) -> str:
    """What became of a paper, in a word or two."""
    if paper.void_reason:
        return "空号" if not paper.tree else "已作废"
    if paper.id in corrected:
        return "已更正"
    return "已印发" if paper.tree else "只登记字号"


class IssuedTable(Table[IssuedPaper]):
    """One or two papers can be chosen; two to compare them."""

    def __init__(self) -> None:
        self._corrected: frozenset[str] = frozenset()
        columns = (
            Column[IssuedPaper](
                "发文字号", lambda one: one.document_number or "（不编号）", self._place, self._tint, least=140
            ),
            Column[IssuedPaper]("标题", lambda one: one.title or "", tint=self._tint, wide=True, least=160),
            Column[IssuedPaper]("成文日期", lambda one: one.day or "", tint=self._tint, least=104),
            Column[IssuedPaper]("状态", self.became, tint=self._tint, least=104),
        )
        super().__init__(columns, "印发的文书", many=True, tip=self.told, same=lambda one: one.id)

    @staticmethod
    def _place(paper: IssuedPaper) -> tuple[int, int, str]:
        return paper.year or 0, paper.number or 0, str(paper.day or "")

    def became(self, paper: IssuedPaper) -> str:
        """What became of a paper, in a word or two."""
        return state(paper, self._corrected)

    def _tint(self, paper: IssuedPaper) -> str:
        return "" if self.became(paper) == "已印发" else "secondary"

    def show_papers(self, papers: Sequence[IssuedPaper]) -> None:
        """Shows these, the latest first; what was chosen stays chosen."""
        self._corrected = frozenset(one.corrects for one in papers if one.corrects and not one.void_reason)
        self.show_rows(sorted(papers, key=self._place, reverse=True))

    def told(self, paper: IssuedPaper) -> str:
        """All that is known of a paper, for its tip."""
        level = PUBLICITY.get(paper.publicity or "", "")
        lines = (
            " ".join(part for part in (paper.document_number, paper.title) if part),
            "，".join(part for part in (paper.kind, level, self.became(paper)) if part),
            f"作废理由：{paper.void_reason}" if paper.void_reason else "",
            f"编号说明：{paper.reason}" if paper.reason else "",
            f"印发码：{paper.stamp}" if paper.stamp else "",
        )
        return "\n".join(line for line in lines if line)
