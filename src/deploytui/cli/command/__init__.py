"""One small module a command, loaded when that command is called: its declaration and its function, `command`."""
