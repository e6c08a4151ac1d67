"""The pipeline as Dagster assets: when and where. The only folder that imports dagster.

A line here parses nothing.
"""
