"""From source files to the graph; the messages of all loaders are declared here."""

from pathlib import Path

from graph.errors import register_messages

register_messages(Path(__file__).with_name("messages.yaml"))
