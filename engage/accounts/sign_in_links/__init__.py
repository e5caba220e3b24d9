"""Signs people in by a link and a code in an e-mail, in the browser that asked for them."""
