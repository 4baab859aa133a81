"""One small module a command; `run` is the composition root."""
