"""Whether every channel serves alike, and what robots do."""

from insights import ui
from insights.ui.views.service import channels

desk = ui.desk()
ui.show(channels.gaps(desk), channels.switches(desk), channels.robots(desk))
ui.show(ui.breakdown(desk, "channel", "csat", "frt_p50", "resolution_rate", title=ui.title("numbers")))
complaints = desk.narrow("kind", "complaint").narrow("channel", "social")
if ui.any_of(complaints, "created"):
    ui.note(ui.title("public"))
    ui.tiles(complaints, "created", "frt_p50", "sla_compliance", "csat")
