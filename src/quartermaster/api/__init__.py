"""JSON for programs: webhook intake, orders, stock, events, messages. Mirrors the stages; decides nothing."""
