"""Holds letters: texts that coordinators send to people of their coalition, by mail or by hand."""
