"""The worker process: planning, checking and drawing away from the server, so it stays small."""
