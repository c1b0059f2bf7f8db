"""Which words of a refund's reason tell of a mistake of the warehouse or of the way."""

# Something wrong, missing or damaged; a change of mind is none. PostgreSQL reads it (~*).
PATTERN = "wrong|incorrect|mixed up|mix-up|missing|incomplete|damaged|broken|not what .* ordered"
