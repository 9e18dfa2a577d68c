"""When: events and stated versions become timelines, with what contradicts."""
