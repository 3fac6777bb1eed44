"""What is counted once per load of what customers bought."""

from insights.schema.columns import count, customer_copies, day, money, table, text

# fmt: off
# A table reads as a table: what belongs together on one line.
customer_months = table(
    "customer_months", "Months in which a customer bought or gave back: what retention cohorts are counted from",
    ("customer_id", "month"),
    text("customer_id", "Customer"), day("cohort_month", "First month with a paid order"),
    day("month", "Month with a paid order or a refund"),
    count("orders", "Paid orders in the month; 0 where it holds only refunds"),
    money("revenue", "Paid amount less refunds in the month, in the company's currency"),
    *customer_copies(), canonical=False,
)

customer_purchases = table(
    "customer_purchases", "First and second purchase day of each customer", ("customer_id",),
    text("customer_id", "Customer"), day("first_day", "First purchase day"), day("second_day", "Second purchase day"),
    day("last_day", "Last purchase day"), count("purchase_days", "Distinct purchase days"),
    money("revenue", "Paid amount less refunds, in the company's currency"),
    *customer_copies(), canonical=False,
)
