"""How static files get names that never change their content, scripts that import others too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, with the imports between our modules led to the immutable names."""

    support_js_module_import_aggregation = True
