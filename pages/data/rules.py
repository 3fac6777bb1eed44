"""By which rules everything is counted, and what each of them did."""

from insights import ui
from insights.ui.views.data.counting import change, rules

run = ui.here()
change.change(run)
ui.show(*rules.cards(run))
