"""Bring exports in, see what was read and what was not, go back if needed."""

from insights import ui

ui.drop()
ui.history()
ui.tables_held()
