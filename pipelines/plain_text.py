"""Text that comes out of reports and names of files, made fit to be shown.

Belongs here: taking out what a terminal or a log would obey. Does not belong here: marks of Markdown and HTML
(``assets.markdown``). What is published as printed does not pass through here.
"""


def harmless(text: str) -> str:
    """The text with every character that a terminal would obey replaced; its spaces stay."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def one_line(text: str) -> str:
    """The text on one line, without characters that a terminal would obey."""
    return harmless(" ".join(text.split()))
