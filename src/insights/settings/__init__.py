"""One frozen settings object, read from insights.toml and INSIGHTS_* variables; every option has a default and help."""

from insights.settings.access import OWN, RIGHTS, ROLES, Right, Role, SignIn, Way
from insights.settings.answers import Answers, Resolutions, Robots
from insights.settings.calendars import Calendar, CalendarFor, Dated, Day
from insights.settings.counting import Exclusion, Satisfaction
from insights.settings.customers import NOBODY, Customers
from insights.settings.model import Company, Engine, Loading, Mark, RuleName, Server, Settings, Thresholds
from insights.settings.parts import Channel, Hours, Kind, Part, Priority, State, Zone
from insights.settings.personal import Personal
from insights.settings.policies import Metric, Policy
from insights.settings.reading import load_settings, settings_path, strays

__all__ = [
    "NOBODY",
    "OWN",
    "RIGHTS",
    "ROLES",
    "Answers",
    "Calendar",
    "CalendarFor",
    "Channel",
    "Company",
    "Customers",
    "Dated",
    "Day",
    "Engine",
    "Exclusion",
    "Hours",
    "Kind",
    "Loading",
    "Mark",
    "Metric",
    "Part",
    "Personal",
    "Policy",
    "Priority",
    "Resolutions",
    "Right",
    "Robots",
    "Role",
    "RuleName",
    "Satisfaction",
    "Server",
    "Settings",
    "SignIn",
    "State",
    "Thresholds",
    "Way",
    "Zone",
    "load_settings",
    "settings_path",
    "strays",
]
