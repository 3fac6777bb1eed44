"""The warehouse: built by one loader at a time, published by an atomic switch, read by everyone else."""

from insights.warehouse.build import load, load_staged, recompute
from insights.warehouse.process import LoadRefused, load_in_process, recompute_in_process
from insights.warehouse.progress import Event, Progress
from insights.warehouse.reader import Warehouse, close, open_current
from insights.warehouse.report import FileReport, LoadReport
from insights.warehouse.status import Status, check_version, served_instead, settings_changed, status, undo

__all__ = [
    "Event", "FileReport", "LoadRefused", "LoadReport", "Progress", "Status", "Warehouse", "check_version", "close",
    "load", "load_in_process", "load_staged", "open_current", "recompute", "recompute_in_process", "served_instead",
    "settings_changed", "status", "undo",
]  # fmt: skip
