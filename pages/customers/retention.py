"""Whether customers come back."""

from insights import ui
from insights.ui.views.customers import chosen, retention, survival

MONTHS = 18

desk = ui.desk()
bought = retention.by_purchases(desk)
if bought:
    ui.tiles(desk, "repeat_rate", "active_customers", "orders", "revenue")
else:
    ui.note(ui.title("no_orders"))
study = chosen.cohorts(desk)
ui.show(
    retention.cohorts(desk, MONTHS, title=ui.title("cohorts"), reading=ui.title("cohorts_reading"), study=study),
    retention.members(desk, study, MONTHS),
)
curve = retention.retention_curve(desk, title=ui.title("curve"), reading=ui.title("curve_reading"), study=study)
if bought:
    ui.beside(curve, ui.trend(desk, "active_customers", "orders", title=ui.title("buyers")))
    ui.beside(ui.by(desk, "repeat_rate", "segment"), ui.by(desk, "repeat_rate", "region"))
    watched, gone_days = chosen.staying(desk)
    ui.show(survival.staying(watched, gone_days))
    ui.beside(survival.again(watched, "second_purchase"), survival.again(watched, "winback", gone_days=gone_days))
else:
    ui.show(curve)
