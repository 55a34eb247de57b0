"""What a schedule means, for people: one instant explained, a year at a glance, two versions compared."""
