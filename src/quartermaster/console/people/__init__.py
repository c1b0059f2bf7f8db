"""People: their roles and sites, what those allow on which page, and the page that invites and stops them."""
