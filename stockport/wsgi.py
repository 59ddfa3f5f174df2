"""The WSGI application that gunicorn serves."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stockport.settings.production")

application = get_wsgi_application()
# What is loaded by now stays until the process ends. To look through all of it for garbage takes
# longer than most answers, and long answers are those that would wait for it.
import_module(settings.ROOT_URLCONF)
gc.freeze()
