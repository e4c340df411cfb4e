"""One sentence a day on what the program can do, in the message line when a ledger is opened; switched off in 设置.

They come in their order, one each day, so that nobody sees one twice before having seen them all. Where something else is to be said
when a ledger is opened, that is said and the tip waits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from db import clock
from desktop_app import settings as machine
from desktop_app.gui.session import Session

TIPS = (
    "按 Ctrl+K，打几个字或拼音首字母，就能找到任何问题、登记表、页面和命令。",
    "在任何一页按 F1，打开与这一页有关的说明；说明里可以查找。",
    "按 Ctrl+/ 看全部快捷键。",
    "做错了不要紧：按 Ctrl+Alt+Z 撤销上一步，关了程序再打开也能撤销。",
    "日期可以写 2021-12-3、12.3、2021年12月3日，也可以写“今天”。",
    "选项不用点开：在选择框里直接打字或拼音首字母。",
    "在 Excel 里复制几行，到分类台账里按 Ctrl+V，整块粘贴。",
    "截图以后，到问题的“佐证”栏按 Ctrl+V，截图就成了佐证材料。",
    "佐证材料可以直接从文件夹拖到窗口里。",
    "有旧通报的不用重打：在“导入旧通报”页选文件，问题、措施、时限自动填好。",
    "写措施的时候，点开下面的“预览”，能看到印出来的样子。",
    "“总览”里的每个数都可以点，点了就看到是哪些问题。",
    "选好几个问题按 Ctrl+B，可以一次改同一栏。",
    "常用的筛选可以存为“视图”，下次一点就到。",
    "上面的“截至今天”可以换成别的日子，看那一天哪些超期。",
    "在“历史”页可以看以前某一天的台账是什么样。",
    "通报里的数据可以由登记表自动算出来；点数字，看是哪些行。",
    "把台账文件拷到 U 盘就是备份；要给别的单位，用“交换”页。",
    "几个人用一台电脑：按 Ctrl+U 换人，历史里记的就是谁做的。",
    "不想每天看到提示，到“设置”的“本机”栏里关掉。",
)


def tip_of(day: date) -> str:
    """The sentence of a day."""
    return TIPS[day.toordinal() % len(TIPS)]


def greeting(session: Session) -> str:
    """The sentence of the day, once a day on this machine; "" where it was shown, or nobody wants it."""
    day, known = clock.today(session.ledger.clock), session.settings
    if not known.tips or known.tipped == day.isoformat():
        return ""
    session.settings = replace(known, tipped=day.isoformat())
    machine.save(session.settings)
    return f"小提示：{tip_of(day)}"
