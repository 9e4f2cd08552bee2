"""News as published: record formats, documents with roles and offsets, stories of near-copies, the archive."""
