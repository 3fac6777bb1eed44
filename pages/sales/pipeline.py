"""Opportunities by stage, win rate and cycle, reasons lost and competitors."""

from insights import ui
from insights.ui.views.sales import pipeline

desk = ui.desk()
ui.beside(pipeline.stages(desk), pipeline.owners(desk))
ui.beside(pipeline.reasons(desk), pipeline.competitors(desk))
