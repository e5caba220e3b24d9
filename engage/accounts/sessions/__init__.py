"""Signing in and out, and the devices a person is signed in on."""
