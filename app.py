"""The dashboard: `streamlit run app.py`, or `make run`."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))  # a bare clone runs without being installed

from insights.ui import frame  # noqa: E402

frame.show(ROOT)
