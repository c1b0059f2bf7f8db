"""Messages: what came in, what became of it and why; reading it again; and steps that are stuck."""
