"""Who sees what, and who looked at what."""

from insights import ui
from insights.ui.views.data import access

run = ui.here()
ui.show(access.roles(run), access.trail(run))
