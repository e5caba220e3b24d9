"""Signs people in and out, and lists the devices on which a person is signed in."""
