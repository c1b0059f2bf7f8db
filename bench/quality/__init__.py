"""How fast the data of all products is looked at."""
