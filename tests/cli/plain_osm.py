"""A naive reader of OpenStreetMap and a plain search over it: every point of a road is a node.

Written from the documentation of the speeds (data/roads/profiles.toml), not from the program's
readers, for cars. `free_times` knows no forbidden turn and turns round anywhere, so that its times
are never longer than true ones; `times` searches from edge to edge, without turning round but at
dead ends (ten seconds) and without the turns that relations over one point forbid.
"""

from __future__ import annotations

import gzip
import math
import tomllib
import xml.etree.ElementTree as ET
from importlib.resources import files
from itertools import pairwise

import numpy as np
import osmium
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

RULES = tomllib.loads((files("sispamkota.data") / "roads" / "profiles.toml").read_text("utf-8"))
CHAIN = ("motorcar", "motor_vehicle", "vehicle", "access")


def elements(file):
    """Return points by id (lon, lat, tags), ways by id (points, tags), relations."""
    points, ways, relations = {}, {}, []
    if file.name.endswith(".osm.gz"):
        for _, e in ET.iterparse(gzip.open(file)):  # noqa: SIM115
            tags = {t.get("k"): t.get("v") for t in e.findall("tag")}
            if e.tag == "node":
                points[int(e.get("id"))] = (float(e.get("lon")), float(e.get("lat")), tags)
            elif e.tag == "way":
                ways[int(e.get("id"))] = ([int(n.get("ref")) for n in e.findall("nd")], tags)
            elif e.tag == "relation":
                members = e.findall("member")
                relations.append((tags, [(m.get("role"), int(m.get("ref"))) for m in members]))
        return points, ways, relations
    for e in osmium.FileProcessor(str(file)):
        if e.is_node():
            points[e.id] = (e.location.lon, e.location.lat, dict(e.tags))
        elif e.is_way():
            ways[e.id] = ([n.ref for n in e.nodes], dict(e.tags))
        elif e.is_relation():
            relations.append((dict(e.tags), [(m.role, m.ref) for m in e.members]))
    return points, ways, relations


def lets_cars(tags, otherwise):
    for key in CHAIN:
        value = tags.get(key, "").split(";")[0].strip()
        if value in RULES["access"]["denied"]:
            return False
        if value in RULES["access"]["allowed"]:
            return True
    return otherwise


def car_kmh(tags):
    base = RULES["speed_kmh"].get(tags.get("highway", ""), {}).get("car", 0)
    if not base or tags.get("area") == "yes" or not lets_cars(tags, otherwise=True):
        return 0.0
    surface = RULES["surface"].get(tags.get("surface"), {})
    track = RULES["tracktype"].get(tags.get("tracktype"), {})
    if tags["highway"] == "track" and track:
        speed = track["kmh"]
    else:
        speed = base * surface.get("factor", 1.0)
    posted = tags.get("maxspeed", "").removesuffix("km/h").strip()
    if posted.isdigit() and int(posted) >= RULES["limit"]["least_kmh"]:
        speed = min(int(posted) * RULES["limit"]["share"], 100)
    caps = [surface.get("cap"), RULES["smoothness"].get(tags.get("smoothness"))]
    caps += [track.get("cap")] if tags["highway"] != "track" else []
    return min([speed, *(c for c in caps if c is not None)])


def directions(tags):
    value = tags.get("oneway", "yes" if tags.get("junction") == "roundabout" else "no")
    if value in ("yes", "true", "1"):
        return (True, False)
    return (False, True) if value in ("-1", "reverse") else (True, True)


def metres(a, b):
    lat = math.radians((a[1] + b[1]) / 2)
    east, north = math.radians(b[0] - a[0]) * math.cos(lat), math.radians(b[1] - a[1])
    return 6_371_008.8 * math.hypot(east, north)


class Plain:
    """The roads of a file for cars.

    Attributes:
        at: lon, lat of the points.
        tail, head, seconds, way: of every piece between two points, in a direction one may drive.
        banned: pairs of pieces.
    """

    def __init__(self, file):
        points, ways, relations = elements(file)
        barred = {
            i for i, (_, _, tags) in points.items()
            if "barrier" in tags and not lets_cars(tags, otherwise="car" in
               RULES["barrier"].get(tags["barrier"], RULES["barrier"]["other"]))
        }  # fmt: skip
        number, pieces = {}, []
        for way, (ids, tags) in ways.items():
            kmh = car_kmh(tags)
            for a, b in pairwise(ids) if kmh else ():
                if a not in points or b not in points or {a, b} & barred:
                    continue
                i, j = (number.setdefault(x, len(number)) for x in (a, b))
                seconds = max(metres(points[a], points[b]) / kmh * 3.6, 1e-6)
                along, against = directions(tags)
                pieces += [(i, j, seconds, way)] * along + [(j, i, seconds, way)] * against
        self.at = np.array([points[i][:2] for i in number])
        self.tail, self.head, self.seconds, self.way = map(np.array, zip(*pieces, strict=True))
        self.leaving = {}
        for piece, tail in enumerate(self.tail.tolist()):
            self.leaving.setdefault(tail, []).append(piece)
        self.banned = set()
        for tags, members in relations:
            self._ban(tags, members, number)

    def _ban(self, tags, members, number):
        rule = tags.get("restriction", "")
        if tags.get("type") != "restriction" or "car" in tags.get("except", ""):
            return
        role = {name: [ref for r, ref in members if r == name] for name in ("from", "via", "to")}
        if len(role["via"]) != 1 or role["via"][0] not in number:
            return
        at = number[role["via"][0]]
        comes = np.flatnonzero((self.head == at) & np.isin(self.way, role["from"])).tolist()
        goes = {p for p in self.leaving.get(at, ()) if self.way[p] in role["to"]}
        if rule.startswith("only_") and goes:
            goes = set(self.leaving[at]) - goes
        elif not rule.startswith("no_"):
            return
        self.banned |= {(a, b) for a in comes for b in goes}

    def free_times(self, near):
        order = np.lexsort((self.seconds, self.head, self.tail))
        pairs = np.stack([self.tail[order], self.head[order]])
        _, first = np.unique(pairs, axis=1, return_index=True)
        pick = order[first]
        links = csr_array(
            (self.seconds[pick], (self.tail[pick], self.head[pick])), shape=(len(self.at),) * 2
        )
        return dijkstra(links, indices=near)[:, near]

    def times(self, near):
        turns = []
        for a, (tail, head) in enumerate(zip(self.tail.tolist(), self.head.tolist(), strict=True)):
            out = [b for b in self.leaving.get(head, ()) if (a, b) not in self.banned]
            on = [b for b in out if self.head[b] != tail]
            turns += [(a, b, self.seconds[b]) for b in on]
            turns += [(a, b, self.seconds[b] + 10) for b in ([] if on else out)]
        size = len(self.tail)
        # a place is a state that leads to the pieces leaving it; a piece ends at its head's state
        begin = [(size + k, b, self.seconds[b]) for k, n in enumerate(near)
                 for b in self.leaving.get(n, ())]  # fmt: skip
        a, b, seconds = map(np.array, zip(*turns, *begin, strict=True))
        links = csr_array((seconds, (a, b)), shape=(size + len(near),) * 2)
        reached = dijkstra(links, indices=size + np.arange(len(near)))
        ends = [np.flatnonzero(self.head == n) for n in near]
        found = np.stack([reached[:, e].min(axis=1, initial=np.inf) for e in ends], axis=1)
        found[near[:, None] == near[None, :]] = 0
        return found

    def nearest(self, places):
        """Return the points at the places, and which of them lie on the main network."""
        links = csr_array((self.seconds, (self.tail, self.head)), shape=(len(self.at),) * 2)
        _, piece = connected_components(links, connection="strong")
        main = piece == np.bincount(piece).argmax()
        near = np.array([((self.at - p) ** 2).sum(axis=1).argmin() for p in places])
        away = [metres(self.at[n], p) for n, p in zip(near, places, strict=True)]
        return near, main[near] & (np.array(away) < 1)
