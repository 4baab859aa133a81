"""The parts of a plan, built from raw nodes: one module a concern, all of them over the same report."""
