"""What is done about prices: write them on lists, work out what shops are to have, send it, look at it."""
