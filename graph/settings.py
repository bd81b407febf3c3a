"""Every setting, read from the environment (``ANGUAN_*``), documented in docs/settings.md."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of one process; field ``x_y`` is the environment variable ``ANGUAN_X_Y``."""

    model_config = SettingsConfigDict(env_prefix="ANGUAN_", frozen=True, extra="ignore")

    home: Path = Field(
        default=Path("~/.anguan"),
        description="Folder of local data: store, keys, reject files. "
        "Unset: `.anguan` here or in a folder above, if it is there and yours; else the default.",
    )
    graph_url: str | None = Field(
        default=None, description="bolt:// or neo4j:// address of a server; unset: local engine."
    )
    graph_user: str = Field(default="neo4j", description="User on the server.")
    graph_password: SecretStr = Field(default=SecretStr(""), description="Password on the server.")
    graph_database: str | None = Field(
        default=None, description="Database on the server; unset: its default."
    )
    engine_memory: str = Field(
        default="2g", description="Heap bound of the local engine, such as 1g or 4096m."
    )
    engine_linger: float = Field(
        default=300.0, ge=0, description="Seconds the local engine waits after its last user."
    )
    engine_start_timeout: float = Field(
        default=90.0, gt=0, description="Seconds to wait for the local engine to answer."
    )
    bulk_rows: int = Field(
        default=20_000,
        ge=0,
        description="Rows from which an empty local store is filled by the engine's bulk path; "
        "0: never.",
    )
    query_timeout: float = Field(
        default=120.0, gt=0, description="Seconds after which a read is ended."
    )
    query_rows: int = Field(
        default=1_000_000, gt=0, description="Rows after which a read is cut and marked truncated."
    )
    queries: Path | None = Field(
        default=None, description="Folder of own .cypher files that join the catalogue."
    )
    rules: Path | None = Field(
        default=None,
        description="Folder of the overlays of the rulebook; unset: `rules` in the home folder.",
    )
    tz: str = Field(
        default="Asia/Shanghai", description="Zone of dates and times written without an offset."
    )
    lang: Literal["zh", "en"] | None = Field(
        default=None, description="Language of the command line; unset: by locale."
    )
    allow_secret: bool = Field(
        default=False,
        description="Accept rows marked 绝密, 机密 or 秘密 (classified systems only).",
    )
    keep_names: bool = Field(
        default=False,
        description="Keep names of personal columns in a file of their own, for the office.",
    )
    host: str = Field(default="127.0.0.1", description="Address that `anguan serve` listens on.")
    port: int = Field(default=8000, description="Port that `anguan serve` listens on.")

    @property
    def zone(self) -> ZoneInfo:
        """The zone of values without an offset."""
        return ZoneInfo(self.tz)

    @property
    def home_dir(self) -> Path:
        """The home folder, absolute.

        A ``.anguan`` here or above counts when nothing is set, so that a command pasted into a
        shell finds the store that ``make demo`` made in the clone; one of another user does not.
        """
        if "home" not in self.model_fields_set:
            here = Path.cwd()
            for folder in (here, *here.parents):
                found = folder / ".anguan"
                if found.is_dir() and found.stat().st_uid == os.getuid():
                    return found
        return self.home.expanduser().absolute()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once (``settings.cache_clear()`` reads anew)."""
    return Settings()
