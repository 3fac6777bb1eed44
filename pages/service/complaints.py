"""Which complaints are late or about to be."""

from insights import ui

complaints = ui.narrowed(kind="complaint")
if ui.any_of("sla_compliance", "sla_at_risk", "sla_open_breaches", filters=complaints):
    ui.promise_tiles(complaints)
    ui.promise_queue(complaints)
    left, right = ui.beside(1, 1)
    with left:
        ui.outcomes(complaints)
    with right:
        ui.trend("sla_compliance", title=ui.title("trend"), filters=complaints)
    left, right = ui.beside(1, 1)
    with left:
        ui.breach_hours(complaints)
    with right:
        ui.why_late(complaints)
    left, right = ui.beside(1, 1)
    with left:
        ui.target_curve(complaints)
        ui.link("whatif", ui.title("to_whatif"))
    with right:
        ui.waits("response", "priority", complaints)
elif ui.any_of("created", filters=complaints):
    ui.note(ui.title("source_note"))
    ui.tiles("sla_source", "created", "frt_p50", "resolution_rate", "full_res_p50", "csat", filters=complaints)
    left, right = ui.beside(2, 1)
    with left:
        ui.trend("sla_source", "created", title=ui.title("trend"), filters=complaints)
    with right:
        ui.by("sla_source", "priority", filters=complaints)
else:
    ui.note(ui.title("no_complaints"))
if ui.any_of("created", filters=complaints):
    left, right = ui.beside(1, 1)
    with left:
        ui.by(ui.first("sla_compliance", "sla_source", filters=complaints), "team", filters=complaints)
    with right:
        ui.week("created", filters=complaints)
    ui.breakdown("category", "csat", "frt_p50", "full_res_p50", title=ui.title("topics"), filters=complaints)
