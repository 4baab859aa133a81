"""What did happen: events, the stores that keep them, and the pure fold over them."""
