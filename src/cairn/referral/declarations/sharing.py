"""What is kept of shares, hand-overs, and the duty list."""
