"""What the trash has to know of this feature's things."""
