"""Files given by the user: what is opened at all, how much of it is read, and what a workbook unpacks to."""
