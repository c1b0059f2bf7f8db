"""How long the console's pages take the server, over a company with a year of history."""
