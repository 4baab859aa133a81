"""What should happen: the frozen plan, how it is read, checked and placed in time."""
