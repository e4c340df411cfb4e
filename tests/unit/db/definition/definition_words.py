"""A definition with a piece of every part, for tests to break."""

GOOD = """\
number = 3
title = "公务车辆"
cues = ["油耗"]

[register.vehicle]
title = "车辆"
shown = "{plate}"
order = ["plate"]
[register.vehicle.field]
plate = { text = "车牌号", required = true, unique = true }
norm = { number = "核定油耗", unit = "L/100km", least = 0 }
state = { choice = "状态", of = { used = "在用", idle = "停用" }, default = "在用" }
bought = { day = "购置日期" }
price = { money = "价格" }

[register.refuel]
title = "加油"
publicity = "internal"
[register.refuel.field]
vehicle = { ref = "车辆", to = "vehicle", required = true }
date = { day = "日期" }
litres = { number = "加油量" }
km = { number = "里程" }
rate = { computed = "百公里油耗", times = [{ over = ["litres", "km"] }, 100], places = 1 }
over = { computed = "超出", minus = ["rate", "vehicle.norm"] }
officer = { ref = "经办人", to = "person" }

[[table.method]]
key = "购车"
above = "5万"
is = "集中采购"

[indicator.litres]
title = "加油量"
unit = "L"
sum = { register = "refuel", field = "litres" }
on = "date"
where = { vehicle.state = "在用", rate = { above = 3 } }

[indicator.km]
title = "里程"
sum = { register = "refuel", field = "km" }
on = "date"

[indicator.consumption]
title = "百公里油耗"
ratio = { of = "litres", to = "km", times = 100 }

[rule.norm]
title = "油耗不高于核定"
register = "refuel"
range = { field = "rate", most = { times = ["vehicle.norm", 1.2] } }
when = { date = { below = "today" } }

[rule.price]
title = "价格"
register = "vehicle"
hard = true
range = { field = "price", most = { money = "30万" } }

[[passage]]
text = "平均油耗{consumption}。"
"""
