"""What people do: problems, leads, and their states (监督)."""

from pathlib import Path

from graph.errors import register_messages

register_messages(Path(__file__).with_name("messages.yaml"))
