"""One small module a command, imported only when that command was typed. Each has `run(console, args) -> int`."""
