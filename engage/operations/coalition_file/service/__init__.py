"""Taking a coalition's file in."""
