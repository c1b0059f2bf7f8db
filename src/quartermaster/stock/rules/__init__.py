"""What a movement is, what a batch of them does, and how a ledger is proved. Pure."""
