"""Signs people in with an account that they have elsewhere (OpenID Connect), if the host switched a provider on."""
