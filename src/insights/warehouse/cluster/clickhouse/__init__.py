"""ClickHouse: one server or a cluster of its machines."""
