"""How people get in: sign-in, second factors, sessions, invitations."""
