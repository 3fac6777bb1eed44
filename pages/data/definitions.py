"""What every number means."""

from insights import ui

ui.catalogue()
