"""One module per published table: a Report in, rows out.

Belongs here: which printed words become which column. Does not belong here: reading files (``reports``), finding
captions and furniture (``structure``), assigning printed cells to rows (``tables``).
"""
