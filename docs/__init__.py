"""The documentation: pages, and the modules under ``generate`` that make some of them."""
