"""Shows the referral list on screen and on paper."""
