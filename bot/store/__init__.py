"""What must survive a crash, in one SQL database: the inbox, conversations, chat settings, buttons and leases.

Each file holds one subject. Nothing here decides policy; times are Unix seconds by the database's own clock.
"""
