"""Any number by anything, as the reader likes."""

from insights import ui
from insights.ui.views.home.explore import explore

explore(ui.desk())
