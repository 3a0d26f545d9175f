"""Files of facts, one subject a row: CSV and Parquet in, answers out."""
