"""Short posts by a coordinator: on home, in the digest, and on the public page where one was marked public."""
