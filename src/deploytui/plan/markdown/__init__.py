"""Reads a checklist that people wrote in Markdown into the raw nodes that a YAML file gives, and says what it did."""

from deploytui.plan.markdown.importer import Imported, import_markdown, looks_like_markdown

__all__ = ["Imported", "import_markdown", "looks_like_markdown"]
