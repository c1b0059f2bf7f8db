"""The lead's page of counts: what waits for a decision, what is to be counted, how right the records are."""
