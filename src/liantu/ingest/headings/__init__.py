"""What the words above a table mean: tables, columns and units."""
