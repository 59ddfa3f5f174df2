"""Our Open311 GeoReport v2 server: other people's apps report to us and read from us."""
