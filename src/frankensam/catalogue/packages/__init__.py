"""Data packages: a catalogue as files that others can check, and those of others, verified before anything is written."""
