"""Readers of lineages: lineage.json, PROV-JSON, OpenLineage events."""
