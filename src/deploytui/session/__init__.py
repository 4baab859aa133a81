"""One run of one plan: plan, journal and metrics joined into what may be done and what is drawn."""
