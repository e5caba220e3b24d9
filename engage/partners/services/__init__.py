"""Holds the referral list: whom to call for which help, if the organization agreed to be listed."""
