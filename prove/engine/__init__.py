"""The engine: AWS in memory, as much of it as Roster asks for. It knows nothing of Roster."""

from prove.engine.aws import Engine, Mail, Reply, Snapshot
from prove.engine.table import Spot, Table

__all__ = ["Engine", "Mail", "Reply", "Snapshot", "Spot", "Table"]
