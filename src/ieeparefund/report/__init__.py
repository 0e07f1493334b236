"""Statements a person can send: a book of refunds, or one entry as a sealed exhibit; and charts.

`statement` and `exhibit` build a `Document`, which `render` writes as HTML, Markdown or an Excel workbook.
"""
