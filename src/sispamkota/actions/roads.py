"""The roads of a workspace ready for questions: network, closures, routers, and named places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from sispamkota.actions.closure_records import (
    MARKED,
    StandingClosure,
    read_closures,
    version_of,
)
from sispamkota.actions.kept import Kept
from sispamkota.actions.roads_network import RoadBase, road_base
from sispamkota.kernel.errors import DomainError
from sispamkota.kernel.text import Text
from sispamkota.roads.closures import Closure
from sispamkota.roads.network import PROFILES, Bools, Floats, Network, Profile
from sispamkota.roads.router import Router
from sispamkota.roads.snap import Snapped, Snapper
from sispamkota.storage.workspace import Workspace

MOST_ROUTERS = 6
_ROUTERS: Kept[Router] = Kept(MOST_ROUTERS)
_LIVE: Kept[Router] = Kept(2 * MOST_ROUTERS)
_SNAPPERS: Kept[Snapper] = Kept(2 * MOST_ROUTERS)
_CLOSURES: Kept[tuple[StandingClosure, ...]] = Kept(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """The roads of a workspace at one moment.

    Attributes:
        base: the network and where it comes from.
        closures: every closure ever made that was not undone, in order.
        version: grows with every closing, lifting and road import; every answer carries it.
        far_m: places further than this from a road are far.
    """

    base: RoadBase
    closures: tuple[StandingClosure, ...]
    version: int
    far_m: float

    @property
    def network(self) -> Network:
        """The network."""
        return self.base.network

    @property
    def estimated(self) -> bool:
        """Whether the network is a stand-in."""
        return self.base.network.estimated

    def standing(self, at: dt.datetime) -> tuple[Closure, ...]:
        """Return the closures in force at a moment."""
        return tuple(c.closure for c in self.closures if c.state(at) == "in_force")

    def closed(
        self, profile: Profile, *, at: dt.datetime | None, exempt: str | None = None
    ) -> Bools:
        """Return per arc whether a closure bars it; `at` None = no closure at all."""
        closed = np.zeros(self.network.arcs, dtype=np.bool_)
        if at is None:
            return closed
        for one in self.closures:
            if one.state(at) == "in_force" and one.closure.bars(profile, exempt):
                closed[one.arcs] = True
        return closed

    def router(
        self, profile: Profile, *, at: dt.datetime | None, exempt: str | None = None
    ) -> Router:
        """Return the router with exactly the closures of that moment, applied in one step.

        It is shared within the process: who keeps it while others may ask for another moment
        takes a `fork`. With `at` None nothing is closed, and it is the caller's own, to close
        roads on.
        """
        free = self.open_router(profile)
        if at is None:
            return free.fork()
        live = _LIVE.get((self.base.sha256, profile, exempt), free.fork)
        live.set_closed(self.closed(profile, at=at, exempt=exempt))
        return live

    def open_router(self, profile: Profile) -> Router:
        """Return the router without any closure, to be asked and never changed."""
        key: Hashable = (self.base.sha256, profile)
        return _ROUTERS.get(key, lambda: Router(self.network, profile))

    def snap(self, points: Floats, profile: Profile, *, within_component: bool = True) -> Snapped:
        """Put points on the roads of a profile; by default on its largest joined part."""
        key: Hashable = (self.base.sha256, profile, within_component, self.far_m)

        def make() -> Snapper:
            return Snapper(
                network=self.network,
                profile=profile,
                within_component=within_component,
                limit_m=self.far_m,
            )

        return _SNAPPERS.get(key, make).snap(points)


def load_roads(workspace: Workspace) -> Roads:
    """Return the roads of a workspace as they are now.

    Raises:
        DomainError: `no_road_network`.
    """
    base, marks = road_base(workspace), workspace.store.marks(MARKED)
    key = (str(workspace.folder), base.sha256, marks)
    closures = _CLOSURES.get(
        key, lambda: read_closures(workspace, base.network, base.sha256, marks)
    )
    version = version_of(marks)
    return Roads(base=base, closures=closures, version=version, far_m=workspace.config.roads.far_m)


def known_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        DomainError: `unknown_profile`.
    """
    for profile in PROFILES:
        if profile == name:
            return profile
    raise _unknown_profile(name, PROFILES)


def _unknown_profile(name: str, known: Sequence[str]) -> DomainError:
    listed = ", ".join(known)
    return DomainError(
        "unknown_profile",
        Text(
            f"jenis kendaraan '{name[:40]}' tidak dikenal",
            f"kind of vehicle '{name[:40]}' is not known",
        ),
        Text(f"Pilih dari: {listed}.", f"Choose from: {listed}."),
        {"profile": name[:40]},
    )
