"""Roads: a network from OpenStreetMap or plain files, travel times under closures, reach."""
