"""The referral list: whom to call for which help, once the organization agreed to stand there."""
