"""How far the data can be trusted, and what that does to the numbers."""

from insights.ui.views.data import completeness, quality

quality.summary()
quality.refused()
quality.contradictions()
quality.freshness()
completeness.coverage()
completeness.gaps()
quality.excluded()
quality.rejected()
