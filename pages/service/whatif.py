"""What another promise would have meant for the same history."""

from insights import ui

ui.what_if()
