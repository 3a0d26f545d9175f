"""The console: pages that people work in, written on the server."""
