"""The checks: one idea a module, each a function from a record to findings."""
