"""What is kept of referrals and their clocks."""
