"""Measures speed, memory and bytes: Engage beside a bare Flask floor, in one run on one core."""
