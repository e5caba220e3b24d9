"""The top storey: what every page stands in, which may know every feature."""
