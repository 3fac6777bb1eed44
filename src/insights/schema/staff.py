"""Who serves, and what they learnt."""

from insights.schema.columns import number, table, text, time

# fmt: off
# A table reads as a table: what belongs together on one line.
agents = table(
    "agents", "Who serves", ("agent_id",),
    text("agent_id", "Id as exported"), text("name", "Name", named=True), text("team", "Team"), text("tier", "Tier"),
    time("hired_at", "Hired", long_ago=True), time("left_at", "Left", ahead=True),
)

trainings = table(
    "trainings", "Courses completed by agents", ("training_id",),
    text("training_id", "Id as exported"), text("agent_id", "Agent"), text("course", "Course", named=True),
    time("completed_at", "Completed"), number("score", "Score"),
)
