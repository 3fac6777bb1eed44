"""What customers are worth, who moves up and down, what keeping and winning cost, and whom not to chase."""

from insights import ui
from insights.ui.views.customers import chosen, value
from insights.ui.views.sales.campaigns import kept_and_won

desk = ui.desk()
ui.tiles(desk, "revenue", "orders", "active_customers", "repeat_rate")
ui.beside(value.segments(desk), value.concentration(desk), widths=(2, 1))
ui.show(value.moves(desk, chosen.moves(desk)), value.valuable(desk))
ui.beside(value.expected(desk), value.holdout(desk), widths=(2, 1))
ui.show(kept_and_won(desk), value.alone(desk))
