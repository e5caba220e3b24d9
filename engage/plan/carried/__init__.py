"""What an earlier plan handed on."""
