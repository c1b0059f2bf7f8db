"""A day on the floor: people with handhelds pick and pack all orders over HTTP, scan by scan."""
