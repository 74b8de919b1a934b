"""Who is told what, and when: followings, the calendar, the outbox and its delivery. How a channel sends is its own."""
