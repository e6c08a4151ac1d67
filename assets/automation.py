"""When things run: the job for the whole graph and its daily schedule.

Belongs here: jobs, schedules, sensors. Does not belong here: what they run.
"""

import dagster as dg

build_job = dg.define_asset_job(
    "build",
    selection=dg.AssetSelection.all(),
    description="Reads every report, extracts and checks every table, and publishes a release.",
)

daily_build = dg.ScheduleDefinition(
    name="daily_build",
    job=build_job,
    cron_schedule="0 5 * * *",
    execution_timezone="Europe/London",
    description="Every day at 05:00 London time: reads the reports folder and publishes a release.",
)
