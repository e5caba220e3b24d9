"""Writing a coalition's file out."""
