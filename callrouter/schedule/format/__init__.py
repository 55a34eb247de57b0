"""The format of schedule.yaml: from bytes to the values of the domain, every mistake told with its line."""
