"""Whom the company forgets or bothers, and who speaks for it."""

from insights import ui
from insights.ui.views.customers import care

desk = ui.desk()
if care.known(desk):
    ui.show(care.forgotten(desk), care.neglected(desk), care.overcontacted(desk), care.tiers(desk))
    ui.beside(care.tier_effect(desk), care.cadence(desk), widths=(2, 1))
    if ui.any_of(desk, "nps_answers"):
        ui.show(care.advocates(desk))
        ui.beside(care.people(desk, "promoters"), care.people(desk, "detractors"))
        ui.show(care.people(desk, "ambassadors"))
    else:
        ui.note(ui.title("no_nps"))
else:
    ui.note(ui.title("nothing_known"))
