"""What a compiled campaign leads one to expect before any random draw: closed forms and a deterministic projection."""
