"""What the numbers mean, pure: samples, levels and the frozen board."""
