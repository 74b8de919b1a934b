"""The self-built app (自建应用): questions by callback, answers passively or by message/send."""
