"""Whether our figures are those the vendors report, and why not."""

from insights import ui
from insights.ui.views.data.reconciliation import comparison

comparison(ui.desk())
