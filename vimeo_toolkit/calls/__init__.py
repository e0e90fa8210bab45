"""How one call runs: request, scopes, approval, rate limit, retries, errors, result."""
