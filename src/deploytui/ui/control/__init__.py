"""What keys do beyond their widget: plain controllers, each with the inputs it needs and nothing else of the screen."""
