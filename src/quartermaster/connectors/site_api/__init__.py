"""A warehouse whose own programs come to our API: orders wait here until they are fetched."""
