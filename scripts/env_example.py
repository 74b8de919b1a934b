"""``.env.example``, from the settings: each with its meaning and its default, commented out."""

from __future__ import annotations

from bot.messages import table
from bot.settings import Settings, variable
from scripts.reference import default_words

HEAD = """\
# 问策的全部设置，由 scripts/generate_docs 从代码生成。复制为 .env（chmod 600），去掉要设的那几行开头的 #。
# 至少设一个渠道，例如 WENCE_TELEGRAM_TOKEN；其余都有默认值。
"""
COMPOSE = """\
# 只有 compose.yaml 用：数据库的密码，只用字母和数字
#POSTGRES_PASSWORD=
"""


def env_example() -> str:
    """Return the file."""
    meanings = table("setting_meanings")
    settings = (
        f"# {meanings[name]}\n#{variable(name)}={default_words(field.default)}\n"
        for name, field in Settings.model_fields.items()
    )
    return "\n".join([HEAD, *settings, COMPOSE])
