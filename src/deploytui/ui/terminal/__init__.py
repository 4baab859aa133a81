"""Every deviation from Textual's way with the terminal, and nothing else.

Each stands beside the test that fails on Textual alone and the issue or pull request (of Textualize/textual) that it waits
for. When that is closed by a release, the deviation goes.
"""
