"""The referral list for the staff of members' agencies, by a link."""
