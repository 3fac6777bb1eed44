"""One customer, whole: found by number, name, e-mail or telephone."""

from insights import ui
from insights.ui.views.customers.customer import whole

whole(ui.desk())
