"""Opening hours for other programs: calendars, linked data, JSON."""
