"""How customers are served and whether they stay, in thirty seconds."""

from insights import ui

sla = ui.first("sla_compliance", "sla_source")
ui.how_it_stands(sla)
ui.highlights(sla, "frt_4h", "csat", "nps", "resolution_7d", "reopen_14d")
left, right = ui.beside(2, 1)
with left:
    ui.trend(*ui.several(sla, "csat", "frt_p50", "created"))
with right:
    ui.by(ui.first(sla, "resolution_rate"), "priority")
ui.most_urgent()
left, right = ui.beside(1, 1)
with left:
    ui.series(("created", "throughput"), title=ui.title("volume"), reading=ui.title("volume_reading"), key="volume")
with right:
    ui.week("created")
if ui.any_of("orders"):
    ui.cohorts(months=12)
ui.breakdown("category", sla, "csat", "frt_p50", title=ui.title("topics"))
