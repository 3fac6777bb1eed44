"""How long customers wait for an answer."""

from insights import ui
from insights.ui.views.service.waits import waits

desk = ui.desk()
ui.tiles(desk, "frt_p50", "frt_p90", "nrt_p50", "frt_4h", "frt_24h", "waiting_now")
if ui.ever(desk, "frt_p50", "nrt_p50", "waiting_now"):
    ui.beside(
        ui.trend(desk, "frt_p50", "frt_p90", "nrt_p50", "nrt_p90", "frt_4h", "waiting_oldest"),
        ui.shares(desk, "frt_1h", "frt_4h", "frt_24h", title=ui.title("within"), reading=ui.title("within_reading")),
        widths=(2, 1),
    )
    ui.beside(ui.week(desk, "created"), ui.by(desk, "frt_p50", "channel"))
    ui.beside(ui.by(desk, "frt_4h", "team"), ui.by(desk, "frt_4h", "priority"))
    ui.show(
        waits(desk, "response", "priority"),
        ui.longest(desk, "frt_p50", title=ui.title("slowest"), reading=ui.title("slowest_reading")),
    )
else:
    ui.note(ui.title("no_replies"))
    ui.show(ui.week(desk, "created"))
