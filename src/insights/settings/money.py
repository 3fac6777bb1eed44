"""What other currencies are worth in the company's own."""

import datetime as dt
from typing import Annotated

from pydantic import Field

Code = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Rate = Annotated[float, Field(gt=0)]
Rates = dict[Code, Rate | dict[dt.date, Rate]]
"""Company currency for one unit of another: fixed, or by the first day each rate holds."""
