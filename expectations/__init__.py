"""What must be true of the tables. The only folder that imports great_expectations.

It does so inside functions only, since that import takes seconds. It may import ``pipelines``, never
``assets`` or dagster: rules can be run on any frame, in a notebook or a test.
"""
