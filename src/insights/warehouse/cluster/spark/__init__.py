"""Spark, asked through Spark Connect: tables over Parquet files that all of its machines share."""
