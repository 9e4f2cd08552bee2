"""The real raid record: reading, fitting, block bootstrap, replay, back-test."""
