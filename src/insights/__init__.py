"""CRM Insights: a customer-service dashboard over any CRM's exports."""

__version__ = "0.1.0"
