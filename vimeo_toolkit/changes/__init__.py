"""Many videos changed by one call: the plan, applying it, taking it back, and the list of what was done."""
