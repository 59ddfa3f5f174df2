"""A strict little Open311 GeoReport v2 back office for the demo and the tests.

It is a process of its own and needs nothing of the portal: `python -m stockport.demo.backoffice`.
"""
