"""What must survive a crash, in one SQL database: inbox, conversations, chat settings, buttons, leases, notices.

Each file holds one subject. Nothing here decides policy; times are Unix seconds by the database's own clock.
"""
