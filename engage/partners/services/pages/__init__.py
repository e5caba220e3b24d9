"""The referral list as people read it, on the screen and on paper."""
