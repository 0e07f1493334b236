"""What the library answers today, as text that was looked through once and then frozen: see `write`."""
