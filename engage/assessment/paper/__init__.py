"""Handles answers on paper: printing the form, and entering filled ones."""
