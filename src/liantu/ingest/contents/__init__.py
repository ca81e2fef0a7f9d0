"""What cells hold: values of a column as people write them, and rows that are none."""
