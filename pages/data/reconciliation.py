"""Whether our figures are those the vendors report, and why not."""

from insights.ui import reconciliation

reconciliation.comparison()
