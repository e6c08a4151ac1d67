"""The release's tables in other forms, for tools that do not read Parquet.

Belongs here: one module an edition, each Arrow tables in and bytes out, the same tables giving the same bytes. Does not
belong here: what a table or column means (``schema``), and putting files anywhere (``publish``).

    database    peel.duckdb: every table with its keys and comments, and views
    views       the views: common questions as SQL
    delimited   csv/: every table as CSV, with CSVW metadata
    workbook    peel.xlsx: every table as a sheet
"""
