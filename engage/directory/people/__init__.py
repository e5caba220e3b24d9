"""The people of a coalition: the list, a person's page, and handing over what someone is responsible for."""
