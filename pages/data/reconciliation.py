"""Whether our figures are those the vendors report, and why not."""

from insights.ui.views.data import reconciliation

reconciliation.comparison()
