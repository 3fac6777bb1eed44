"""When the company works: the year each calendar makes."""

from insights import ui
from insights.ui.views.data.calendars import working_year

working_year(ui.here())
