"""Whether customers come back."""

from insights import ui
from insights.ui.views.customers import chosen, retention, survival

MONTHS = 18

desk = ui.desk()
ui.tiles(desk, "repeat_rate", "active_customers", "orders", "revenue")
study = chosen.cohorts(desk)
ui.show(
    retention.cohorts(desk, MONTHS, title=ui.title("cohorts"), reading=ui.title("cohorts_reading"), study=study),
    retention.members(desk, study, MONTHS),
)
ui.beside(
    retention.retention_curve(desk, title=ui.title("curve"), reading=ui.title("curve_reading"), study=study),
    ui.trend(desk, "active_customers", "orders", title=ui.title("buyers")),
)
ui.beside(ui.by(desk, "repeat_rate", "segment"), ui.by(desk, "repeat_rate", "region"))
watched, gone_days = chosen.staying(desk)
ui.show(survival.staying(watched, gone_days))
ui.beside(survival.again(watched, "second_purchase"), survival.again(watched, "winback", gone_days=gone_days))
