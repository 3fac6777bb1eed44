"""Bring exports in, see what was read and what was not, go back if needed."""

from insights import ui
from insights.ui.views.data.loading.drop import drop
from insights.ui.views.data.loading.history import history, tables_held

run = ui.here()
drop(run)
ui.show(history(run))
if run.opened is not None:
    ui.show(tables_held(run))
