"""What travels and what may be tuned."""
