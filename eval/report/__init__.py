"""Reports: a run as JSON, as Markdown and as one HTML page that needs nothing else."""
