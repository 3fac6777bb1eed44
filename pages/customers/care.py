"""Whom the company forgets or bothers, and who speaks for it."""

from insights import ui
from insights.ui.views.customers import care

desk = ui.desk()
ui.show(care.forgotten(desk), care.neglected(desk))
ui.beside(care.overcontacted(desk), care.cadence(desk), widths=(2, 1))
ui.beside(care.tiers(desk), care.tier_effect(desk), widths=(2, 1))
ui.show(care.advocates(desk))
ui.beside(care.people(desk, "promoters"), care.people(desk, "detractors"))
