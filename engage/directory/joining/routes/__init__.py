"""The pages through which a person joins."""
