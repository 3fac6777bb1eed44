"""How customers are served and whether they stay, in thirty seconds."""

from insights import ui
from insights.ui.views.customers.retention import cohorts
from insights.ui.views.home import overview
from insights.ui.views.home.guide import guide
from insights.ui.views.home.stories import story

desk = ui.desk()
sla = ui.first(desk, "sla_compliance", "sla_source")
guide(desk)
overview.how_it_stands(desk, sla)
ui.show(story(desk, sla, "frt_4h", "csat", "nps", "resolution_7d", "reopen_14d"))
ui.beside(
    ui.trend(desk, *ui.several(desk, sla, "csat", "frt_p50", "created")),
    ui.by(desk, ui.first(desk, sla, "resolution_rate"), "priority", "channel", "team"),
    widths=(2, 1),
)
overview.show_most_urgent(desk)
ui.beside(
    ui.series(
        desk, "created", "throughput", title=ui.title("volume"), reading=ui.title("volume_reading"), key="volume"
    ),
    ui.week(desk, "created"),
)
if ui.any_of(desk, "orders"):
    ui.show(cohorts(desk, months=12, title=ui.title("cohorts"), reading=ui.title("cohorts_reading")))
ui.show(ui.breakdown(desk, "category", sla, "csat", "frt_p50", title=ui.title("topics")))
