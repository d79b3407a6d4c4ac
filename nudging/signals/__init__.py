"""One small module a signal."""
