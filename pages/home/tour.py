"""What was planted in the sample company, and whether the pages find it."""

from insights import ui
from insights.ui.views.home import tour

desk = ui.desk()
if desk.warehouse.fact("sample") == "true":
    ui.show(*tour.cards(desk))
else:
    ui.note(ui.title("own_data"))
