"""The law, one module per question: whether and why, by when, how much duty, how much interest."""
