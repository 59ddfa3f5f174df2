"""An invented Civica OpenRevenues: the demo borough as XML, with defects to switch on.

docs/civica.md says which documents and which defects.
"""
