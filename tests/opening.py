"""The app opened in this process by its address."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
Open = Callable[..., AppTest]


def opener(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a page, else the overview, over a warehouse directory by an address."""

    def open_page(page: str = "home/overview", **address: str) -> AppTest:
        monkeypatch.setenv("INSIGHTS_WAREHOUSE", str(directory))
        monkeypatch.chdir(ROOT)
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        return (app if page == "home/overview" else app.switch_page(f"pages/{page}.py")).run()

    return open_page
