"""What every number means."""

from insights import ui
from insights.ui.views.data.catalogue import catalogue

catalogue(ui.desk())
