"""The programming interface: OpenAPI over the services, for machines."""
