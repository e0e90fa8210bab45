"""How Vimeo speaks HTTP: its formats, its rate-limit headers, and which requests may be repeated.

Used by the rooms that send (`calls`, `accounts`); knows neither tools nor accounts.
"""
