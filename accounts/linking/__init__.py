"""Proving that one of the council’s records is one’s own."""
