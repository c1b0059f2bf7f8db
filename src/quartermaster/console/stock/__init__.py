"""Stock: what is where and what of it can be sold, why it changed, and who it is promised to."""
