"""Lets the sites that a coordinator names show the progress page, the public calendar and events in a frame."""
