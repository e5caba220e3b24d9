"""Opens the referral list by a link to the staff of members' agencies."""
