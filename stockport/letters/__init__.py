"""Letters as files: what the services that show them share. Each service has a model of its own."""
