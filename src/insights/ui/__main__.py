"""`python -m insights.ui app.py …`: Streamlit's own `run`, with our pages known from the first visit on."""

import sys

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.cli import main

# Streamlit takes a folder named pages for its old layout until the first run has called st.navigation, and tells the
# first visitor who comes by a link to a page that it does not exist.
if hasattr(PagesManager, "uses_pages_directory"):
    PagesManager.uses_pages_directory = False

if __name__ == "__main__":
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    sys.exit(main())
