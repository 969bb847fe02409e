"""Roads: a network from OpenStreetMap or plain files, travel times that follow live closures, reach."""
