"""What the service and its jobs tell of themselves."""

SERVICE: dict[str, str] = {}
