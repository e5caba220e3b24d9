"""Holds feedback on an event: the coalition's own questions before and after it, with answers counted together."""
