"""Whether answering complaints fast goes together with customers who stay."""

from insights import ui
from insights.ui.views.customers import speed
from insights.ui.views.customers.chosen import exposure

desk = ui.desk()
study = exposure(desk)
ui.show(speed.compared(desk, study))
if speed.known(desk, study):
    ui.beside(speed.bands(desk, study), speed.moments(desk, study))
    ui.show(speed.curves(desk, study), speed.waiting(desk, study))
