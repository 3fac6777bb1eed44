"""Bring exports in, see what was read and what was not, go back if needed."""

from insights import ui
from insights.ui.views.data import load_history, loads

loads.drop(ui.here())
load_history.history(ui.here())
load_history.tables_held(ui.here())
