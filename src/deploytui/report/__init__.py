"""A session or a plan as text for people: the printable checklist."""
