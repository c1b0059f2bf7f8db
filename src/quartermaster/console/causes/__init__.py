"""Why something waits for a person: one module per cause, each a statement that yields its rows and a pure
rule that says them in words. Today and Exceptions count the very rows that a cause's page lists."""
