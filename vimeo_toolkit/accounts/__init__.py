"""Who calls: connected accounts, authorization, token refresh and revocation."""
