"""Holds actions: their page, their changes of status and their updates."""
