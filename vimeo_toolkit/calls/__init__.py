"""How one call runs: request, scope check, rate budget, retries, errors, redaction."""
