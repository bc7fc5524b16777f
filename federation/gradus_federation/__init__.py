"""One model of several hospitals: Flower carries the files that gradus fed reads and writes."""
