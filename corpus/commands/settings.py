"""Where the corpus's commands keep added plans: the bot's data folder, set by the same variable."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class CorpusSettings(BaseSettings):
    """What the corpus reads of the settings; the bot's own settings describe them."""

    model_config = SettingsConfigDict(
        env_prefix="WENCE_", env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True
    )

    data_dir: Path = Path("var")

    @property
    def plans_dir(self) -> Path:
        """The folder of added plans."""
        return self.data_dir / "plans"
