"""Running an installation: the server, the sample coalition, what is done once a day."""
