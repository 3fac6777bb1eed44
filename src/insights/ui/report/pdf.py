"""A report as PDF, by a Chromium of the machine where there is one: the page prints itself, charts as vectors."""

import os
import shutil
import subprocess

from insights import scratch
from insights.errors import NotWritable

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 120


def browser() -> str | None:
    """Return the browser that prints, None where the machine has none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def printed(page: bytes) -> bytes:
    """Return an HTML file as PDF; raises NotWritable."""
    program = browser()
    if program is None:
        raise NotWritable("no_pdf")
    with scratch.folder() as folder:
        source, target = folder / "report.html", folder / "report.pdf"
        source.write_bytes(page)
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # it refuses to run otherwise
        command = [
            program,
            "--headless",
            "--disable-gpu",
            *root,
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            "--virtual-time-budget=20000",
            f"--print-to-pdf={target}",
            source.as_uri(),
        ]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotWritable("pdf_failed") from error
        if not target.exists():
            raise NotWritable("pdf_failed")
        return target.read_bytes()
