"""When the company works: the year each calendar makes."""

from insights import ui

ui.working_year()
