"""Tells a person by mail that a coordinator approved them."""
