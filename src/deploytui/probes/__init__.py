"""How numbers are fetched: the only room that talks to hosts."""
