"""File formats and the file system: strict readers that say where a problem stands, and the one way to write."""
