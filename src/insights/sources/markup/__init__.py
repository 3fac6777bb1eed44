"""Tables of web pages and of Excel's XML, as plain delimited text."""
