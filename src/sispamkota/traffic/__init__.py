"""Traffic regulation: events on roads, closures, diversions, load on roads, posts, escorts."""
