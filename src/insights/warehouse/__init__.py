"""The warehouse: built by one loader at a time, published by an atomic switch, read by everyone else.

Who only reads does not wait for the import of everything that loads.
"""

from typing import TYPE_CHECKING

from insights.lazily import offered

if TYPE_CHECKING:
    from insights.warehouse.build import load, load_staged, recompute
    from insights.warehouse.process import LoadRefused, load_in_process, recompute_in_process
    from insights.warehouse.progress import Event, Progress
    from insights.warehouse.reader import Warehouse, close, open_current
    from insights.warehouse.report import FileReport, LoadReport
    from insights.warehouse.sending import publish
    from insights.warehouse.served import opened
    from insights.warehouse.standing import Status, check_version, served_instead, settings_changed, status, undo
else:
    __getattr__ = offered(
        __name__,
        {
            "build": ("load", "load_staged", "recompute"),
            "process": ("LoadRefused", "load_in_process", "recompute_in_process"),
            "progress": ("Event", "Progress"),
            "reader": ("Warehouse", "close", "open_current"),
            "report": ("FileReport", "LoadReport"),
            "sending": ("publish",),
            "served": ("opened",),
            "standing": ("Status", "check_version", "served_instead", "settings_changed", "status", "undo"),
        },
    )


__all__ = [
    "Event",
    "FileReport",
    "LoadRefused",
    "LoadReport",
    "Progress",
    "Status",
    "Warehouse",
    "check_version",
    "close",
    "load",
    "load_in_process",
    "load_staged",
    "open_current",
    "opened",
    "publish",
    "recompute",
    "recompute_in_process",
    "served_instead",
    "settings_changed",
    "status",
    "undo",
]
