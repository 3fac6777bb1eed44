"""The dashboard: `streamlit run app.py`, or `make run`.

Run by the server this makes the server itself; run again for every look it draws the page.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).parent
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))  # a bare clone runs without being installed

from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: E402

if get_script_run_ctx(suppress_warning=True) is None:
    from streamlit import App

    from insights.serving import prepared

    app = App(__file__, **prepared(ROOT))
else:
    from insights.ui import frame

    frame.show(ROOT)
