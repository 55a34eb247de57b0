"""The rules of the product as pure values and functions: standard library only, no clock, no I/O."""
