"""The sample company: a made-up Turkish retailer, seeded, any size, with its planted truths."""

from insights.demo.company import EXPORTS, TRUTH, Written, write
from insights.demo.world import AS_OF

__all__ = ["AS_OF", "EXPORTS", "TRUTH", "Written", "write"]
