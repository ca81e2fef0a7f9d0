"""What tables, columns and choices are called in a file that goes out, in either language."""

from liantu.locale import Language, translated
from liantu.schema import Column


def table_title(table: str, language: Language) -> str:
    """The name of the table's sheet or file."""
    return translated(table, language)


def header(entry: Column, language: Language) -> str:
    """The words above the column: its name in English, its title in other languages."""
    return entry.name if language == "en" else translated(entry.title, language)


def choices(entry: Column, language: Language) -> list[str]:
    """The words that a cell of the column may hold; none where it is free."""
    if entry.type == "boolean":
        return ["true", "false"] if language == "en" else ["是", "否"]
    return [translated(choice, language) for choice in entry.choices]
