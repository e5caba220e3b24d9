"""The rules of an agenda: minutes, what a line is about, what a draft takes up."""
