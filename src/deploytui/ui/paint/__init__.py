"""From frozen view rows to strips of cells. Pure, and the only place that turns text into what is drawn."""
