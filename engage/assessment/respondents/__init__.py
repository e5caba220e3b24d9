"""Who is asked, who has answered, and reminding them."""
