"""One coalition as a file: written, read and taken in."""
