"""Which numbers are one and the same customer, and who decided so."""

from insights import ui
from insights.ui.views.data.people import cards

ui.show(*cards(ui.here()))
