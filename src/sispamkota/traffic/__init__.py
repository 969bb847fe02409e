"""Traffic regulation: events on roads, closures and diversions, assignment of traffic, posts, escorts."""
