/** English. Every key of the Indonesian source has to be here. */

/** The screen and its map. */
export const screen = {
  title: 'Traffic regulation',
  sections: 'Parts of traffic',
  section_closures: 'Closures',
  section_events: 'Events',
  section_plan: 'Plan',
  section_roads: 'Roads',
  version: 'network v{version}',
  version_hint: 'Grows whenever a road is closed or opened; every answer names it.',
  network_of: '{source}, {date}',
  stand_in: 'An estimate, not a road network',
  stand_in_short: 'An estimate, not a road network',
  stand_in_remedy: 'Import a file of roads (OpenStreetMap, GeoJSON or GraphML) on the screen Import data.',
  smaller: 'Larger map',
  larger: 'Larger list',
  resize: 'Width of the panel',
  undo: 'Undo',
  undo_failed: 'Could not be undone: {why}',
  map: 'Map of roads and closures; arrows move it, + and − change the scale',
  no_webgl:
    'This browser offers no WebGL: a plain line map, without roads. Lists and forms beside it hold everything.',
  zoom_in: 'Zoom in',
  zoom_out: 'Zoom out',
  whole: 'Whole area',
  layers: 'Layers',
  layer_roads: 'Roads',
  layer_tps: 'TPS',
  layer_posts: 'Posts',
  layer_names: 'Place names',
  legend: 'Legend of the map',
  pick_bar: 'Picking on the map',
  pick_end: 'Done (Esc)',
  corners: '{count} points',
  keys_point: 'Click on the map; keys: arrows move it, space picks its middle, Esc ends.',
  keys_shape:
    'A click adds a point (keys: space in the middle), Backspace removes the last one, Enter or a double click finishes, Esc cancels.',
  draw_finish: 'Finish (Enter)',
  draw_undo: 'Remove last point',
  draw_cancel: 'Cancel (Esc)',
  role_reach: 'reached, the darker the sooner',
  role_load: 'load, the wider the fuller',
  role_critical: 'critical link',
  role_alternate: 'other way',
  role_before: 'without closures',
  role_patrol: 'patrol',
  'role_escort-alternate': 'escort, spare way',
  role_escort: 'escort',
  'role_approach-a': 'crowd, first way',
  'role_approach-b': 'crowd, second way',
  'role_approach-c': 'crowd, third way',
  role_corridor: 'ambulance corridor',
  role_diversion: 'diversion',
  role_route: 'route',
  role_lifted: 'opened again or past',
  role_planned: 'to be closed',
  role_closed: 'closed',
  role_conflict: 'conflict',
  role_isolated: 'TPS cut off',
  role_draft: 'being chosen',
  role_mark: 'place',
  role_post: 'traffic post',
};

/** Closures: the list, the form, the preview. */
export const closures = {
  close_road: 'Close a road…',
};

/** Tools on the roads. */
export const tools = {
  tool: 'Tool',
};
