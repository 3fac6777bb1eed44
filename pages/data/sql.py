"""An analyst's own SELECT over what their role sees."""

from insights import ui
from insights.ui.views.data.own_sql import own_sql

own_sql(ui.here())
