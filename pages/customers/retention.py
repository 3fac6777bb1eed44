"""Whether customers come back."""

from insights import ui

ui.tiles("repeat_rate", "active_customers", "orders", "revenue")
ui.cohorts(months=18)
left, right = ui.beside(1, 1)
with left:
    ui.retention_curve()
with right:
    ui.trend("active_customers", "orders", title=ui.title("buyers"))
left, right = ui.beside(1, 1)
with left:
    ui.by("repeat_rate", "segment")
with right:
    ui.by("repeat_rate", "region")
