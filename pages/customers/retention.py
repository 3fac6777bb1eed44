"""Whether customers come back."""

from insights import ui
from insights.ui.views.customers.retention import cohorts, retention_curve
from insights.ui.views.customers.survival import staying

desk = ui.desk()
ui.tiles(desk, "repeat_rate", "active_customers", "orders", "revenue")
ui.show(cohorts(desk, months=18, title=ui.title("cohorts"), reading=ui.title("cohorts_reading")))
ui.beside(
    retention_curve(desk, title=ui.title("curve"), reading=ui.title("curve_reading")),
    ui.trend(desk, "active_customers", "orders", title=ui.title("buyers")),
)
ui.beside(ui.by(desk, "repeat_rate", "segment"), ui.by(desk, "repeat_rate", "region"))
ui.show(staying(desk.any_time()))
