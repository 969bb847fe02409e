"""The house of the web: HTTP over the same actions as the commands, sign-in, live progress."""
