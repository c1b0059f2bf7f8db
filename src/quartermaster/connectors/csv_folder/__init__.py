"""Any warehouse that can read and write files: orders go into a folder, what they say is picked up there."""
