"""Raw tables become territory tables; one module per kind of file. All problems at once."""
