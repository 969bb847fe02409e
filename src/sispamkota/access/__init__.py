"""Who may do and see what: functions and their rights, area scope, and the right of each field."""
