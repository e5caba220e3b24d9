"""Signs people in with a passkey: a key that stays in their phone, computer or security key (WebAuthn)."""
