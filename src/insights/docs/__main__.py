"""`python -m insights.docs`."""

import sys

from insights.docs import main

sys.exit(main())
