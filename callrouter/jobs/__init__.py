"""Jobs: declared in code, one module each, one registry. A claim row makes any number of schedulers harmless."""
