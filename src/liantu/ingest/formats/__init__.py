"""What each kind of file holds, before any header or cell is understood."""
