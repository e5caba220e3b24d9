"""The sample coalition of the demo."""
