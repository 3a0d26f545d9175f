"""Rules are data, decisions are questions: the engine that knows no particular law."""
