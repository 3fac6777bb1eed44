"""What campaigns brought, and which channels bring customers like the best."""

from insights import ui
from insights.ui.views.sales import campaigns

desk = ui.desk()
split = campaigns.planned(desk)
ui.show(campaigns.lift(desk, split), campaigns.every(desk, split), campaigns.lists(desk))
ui.show(campaigns.kept_and_won(desk), campaigns.acquisition(desk))
