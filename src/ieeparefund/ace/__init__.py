"""Files that CBP's systems read and write, and their way into entries."""
