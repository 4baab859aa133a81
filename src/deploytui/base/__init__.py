"""Words every room shares: time, safe text, units, errors and paths. Imports the standard library only."""
