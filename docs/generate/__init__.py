"""Pages of the documentation that are made of code and stored results."""
