"""What can be concluded from the graph: links, patterns, linked issues."""

from __future__ import annotations

from pathlib import Path

from graph.errors import register_messages

register_messages(Path(__file__).with_name("messages.yaml"))
