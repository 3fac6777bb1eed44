"""The closed vocabularies, and the states of a case by whether it is solved."""

WORDS: dict[str, tuple[str, ...]] = {
    "kind": ("complaint", "question", "request", "incident", "praise", "other"),
    "channel": ("phone", "email", "chat", "web", "social", "store", "messaging", "api", "other"),
    "priority": ("urgent", "high", "normal", "low"),
    "status": ("new", "open", "pending", "hold", "solved", "closed", "deleted"),
    "excluded": ("spam", "test", "deleted", "merged", "side_conversation", "internal", "gone"),
    "clock_basis": ("events", "timestamps", "reported"),
    "response_basis": ("created", "customer_words", "handover", "agent_opened", "robot"),
    "survey_kind": ("csat", "nps", "ces"),
    "order_status": ("paid", "refunded", "cancelled"),
    "direction": ("inbound", "outbound"),
    "interaction_kind": ("call", "email", "visit", "message", "social", "event", "newsletter"),
    "arm": ("treated", "control"),
    "alias_evidence": ("settings", "merged_into", "merged_ids", "email", "phone", "mobile", "slip", "placeholder"),
    "outcome": ("won", "lost", "open"),
    "event_field": ("status", "priority", "team", "agent", "comment"),
    "actor": ("agent", "customer", "bot", "system"),
}
"""Closed vocabularies: canonical words in display order. The words of a source are mapped to these on the way in."""

UNSOLVED = ("new", "open", "pending", "hold")
SOLVED = ("solved", "closed")
