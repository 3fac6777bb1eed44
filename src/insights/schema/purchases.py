"""What customers bought."""

from insights.schema.columns import (
    company_amount,
    count,
    customer_copies,
    customer_raw,
    day,
    money,
    number,
    table,
    text,
    time,
)

# fmt: off
# A table reads as a table: what belongs together on one line.
orders = table(
    "orders", "Purchases", ("order_id",),
    text("order_id", "Id as exported, or made from customer, time and position"), text("customer_id", "Who bought"),
    time("ordered_at", "When"), money("amount", "Total, in its own currency"), text("currency", "Currency"),
    company_amount(),
    text("status", "paid, refunded or cancelled", words="order_status"), text("status_raw", "State as exported"),
    day("ordered_day", "Local date of the order"),
    customer_raw(),
    *customer_copies(),
)

order_lines = table(
    "order_lines", "Lines of a purchase", ("order_id", "line"),
    text("order_id", "Order"), count("line", "Position, from 1"), text("product_id", "Product id"),
    text("product", "Product"), text("category", "Category"), number("quantity", "Quantity"),
    money("unit_price", "Price of one"), money("amount", "Line total"),
)
