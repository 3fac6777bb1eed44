"""Which complaints are late or about to be."""

from insights import ui
from insights.ui.views.service import promises, queue
from insights.ui.views.service.waits import waits

desk = ui.desk(kind="complaint")
if not ui.any_of(desk, "created", "sla_compliance", "sla_at_risk", "sla_open_breaches"):
    ui.note(ui.title("no_complaints"))
    desk = ui.desk()
if ui.any_of(desk, "sla_compliance", "sla_at_risk", "sla_open_breaches"):
    queue.promise_tiles(desk)
    queue.promise_queue(desk)
    ui.beside(
        promises.outcomes(desk),
        ui.trend(desk, "sla_compliance", "sla_completed", "sla_over_p90", title=ui.title("trend")),
    )
    ui.beside(promises.breach_hours(desk), promises.why_late(desk))
    ui.beside(promises.target_curve(desk), waits(desk, "response", "priority"))
    ui.link("whatif", ui.title("to_whatif"))
else:
    queue.say_uncovered(desk)
    if ui.any_of(desk, "sla_source"):
        ui.note(ui.title("source_note"))
    queue.linked_story(desk)
    ui.tiles(desk, "sla_source", "created", "frt_p50", "resolution_rate", "full_res_p50", "csat")
    ui.beside(
        ui.trend(desk, *ui.several(desk, "sla_source", "created")),
        ui.by(desk, ui.first(desk, "sla_source", "frt_4h", "resolution_rate"), "priority"),
        widths=(2, 1),
    )
covered = ui.first(desk, "sla_compliance", "sla_source", "frt_4h", "resolution_rate")
ui.beside(ui.by(desk, covered, "team"), ui.week(desk, "created"))
ui.show(ui.breakdown(desk, "category", "csat", "frt_p50", "full_res_p50", title=ui.title("topics")))
