"""The AI bot (智能机器人) over its long connection: the main channel, no public address needed."""
