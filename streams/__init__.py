"""The shell: Kafka, clocks, files and doors around the pure core."""
