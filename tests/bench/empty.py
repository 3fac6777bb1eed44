"""A page with nothing on it, behind the same server and the same guard: what a run costs before anything is said."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: E402

if get_script_run_ctx(suppress_warning=True) is None:
    from streamlit import App

    from insights.serving import prepared

    app = App(__file__, **prepared(ROOT))
else:
    from insights.ui.frame.server import tune

    tune()
