"""Long work on this machine: the worker, files of jobs, secrets at rest, calendars."""
