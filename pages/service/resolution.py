"""Whether problems get solved and stay solved."""

from insights import ui

ui.tiles("resolution_rate", "full_res_p50", "one_touch", "reopen_rate", "backlog", "net_flow")
left, right = ui.beside(2, 1)
with left:
    ui.series(("created", "throughput"), title=ui.title("flow"), reading=ui.title("flow_reading"), key="flow")
with right:
    ui.ages("ageing", title=ui.title("ageing"), reading=ui.title("ageing_reading"))
left, right = ui.beside(2, 1)
with left:
    ui.trend(*ui.several("backlog", "resolution_rate", "full_res_p50", "reopen_rate"))
with right:
    ui.by("resolution_rate", "channel")
left, right = ui.beside(1, 1)
with left:
    ui.by("full_res_p50", "team")
with right:
    ui.by("reopen_rate", "category")
left, right = ui.beside(1, 1)
with left:
    ui.waits("resolution", "priority")
with right:
    ui.status_time("priority")
ui.breakdown("category", "resolution_rate", "full_res_p50", "one_touch", title=ui.title("topics"))
