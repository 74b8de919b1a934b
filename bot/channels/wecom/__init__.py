"""WeCom (企业微信): the AI bot, the self-built app and the group robot, each started by its own settings."""
