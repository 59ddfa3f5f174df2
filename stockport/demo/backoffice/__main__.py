"""`python -m stockport.demo.backoffice`: the back office without the rest of the portal."""

from argparse import ArgumentParser

from stockport.demo.backoffice.main import add_arguments, serve

parser = ArgumentParser(description="A strict little Open311 back office.")
add_arguments(parser)
serve(vars(parser.parse_args()))
