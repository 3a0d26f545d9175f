"""Implementations of the ports: store, lake engines, file formats, clocks, node directories."""
