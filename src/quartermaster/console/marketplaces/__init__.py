"""How we stand with marketplaces, on the screen."""
