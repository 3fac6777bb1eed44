"""How far the data can be trusted, and what that does to the numbers."""

from insights import ui
from insights.ui.views.data import completeness, quality
from insights.ui.views.data.contradictions import contradictions

desk = ui.desk()
ui.in_row(quality.summary(desk), "quality")
ui.show(
    quality.refused(desk),
    contradictions(desk),
    quality.freshness(desk),
    completeness.coverage(desk),
    completeness.gaps(desk),
    quality.excluded(desk),
    quality.rejected(desk),
)
