"""What the screens about identification read, by part."""
