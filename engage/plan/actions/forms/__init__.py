"""The forms on actions."""
