"""Report text in, tidy tables out: plain Python with pandas and pyarrow, never Dagster, never Great Expectations."""
