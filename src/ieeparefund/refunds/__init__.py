"""Answers: the refund of one entry, of a book of entries, and what becomes of them."""
