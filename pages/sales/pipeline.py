"""Opportunities by stage, win rate and cycle, reasons lost and competitors."""

from insights import ui
from insights.ui.views.sales import pipeline

desk = ui.desk()
ui.beside(pipeline.stages(desk), pipeline.owners(desk), widths=(2, 3))
ui.show(pipeline.reasons(desk), pipeline.competitors(desk))
