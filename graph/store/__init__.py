"""Ground floor: connection, local engine, query catalogue, schema."""

from pathlib import Path

from graph.errors import register_messages

register_messages(Path(__file__).with_name("messages.yaml"))
