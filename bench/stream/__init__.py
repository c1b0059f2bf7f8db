"""The whole stream: orders of the demo company from a signed webhook to the door of their buyers."""
