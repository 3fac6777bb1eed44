"""What another promise would have meant for the same history."""

from insights import ui
from insights.ui.views.service.whatif import what_if

what_if(ui.desk())
