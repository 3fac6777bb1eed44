"""Whether problems get solved and stay solved."""

from insights import ui
from insights.ui.views.service.promises import status_time
from insights.ui.views.service.waits import waits

desk = ui.desk()
ui.tiles(desk, "resolution_rate", "full_res_p50", "one_touch", "reopen_rate", "backlog", "net_flow")
ui.beside(
    ui.series(desk, "created", "throughput", title=ui.title("flow"), reading=ui.title("flow_reading"), key="flow"),
    ui.ages(desk, "ageing", title=ui.title("ageing"), reading=ui.title("ageing_reading")),
    widths=(2, 1),
)
ui.beside(
    ui.trend(
        desk,
        *ui.several(
            desk,
            "backlog",
            "resolution_rate",
            "clearance_rate",
            "full_res_p50",
            "full_res_p90",
            "frst_res_p90",
            "rwt_p50",
            "awt_p50",
            "reopen_rate",
        ),
    ),
    ui.by(desk, "resolution_rate", "channel", "team"),
    widths=(2, 1),
)
ui.tiles(desk, "fcr", "transfer_rate", "escalation_rate", "agent_work", "agent_wait", "on_hold", place="more")
ui.beside(ui.by(desk, "full_res_p50", "team"), ui.by(desk, "reopen_rate", "category"))
ui.beside(waits(desk, "resolution", "priority"), status_time(desk, "priority"))
ui.show(ui.breakdown(desk, "category", "resolution_rate", "full_res_p50", "one_touch", title=ui.title("topics")))
