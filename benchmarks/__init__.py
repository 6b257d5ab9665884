"""How fast the package is beside its peers, and the studies behind the figures of the pages."""
