"""Who serves well, at an equal mix of cases; choose an agent in the filter bar for one's own view."""

from insights import ui
from insights.ui.views.service import agents

desk = ui.desk()
ui.tiles(desk, "csat", "frt_p50", "throughput", "reopen_rate")
if agents.known(desk):
    ui.beside(agents.fairly(desk), agents.each(desk))
    ui.show(agents.work(desk), agents.hours(desk), agents.trainings(desk))
else:
    ui.note(ui.title("nobody_known"))
