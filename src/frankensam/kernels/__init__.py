"""The campaign compiled: arrays in, arrays out; NumPy and Numba only.

Module names are those of `frankensam.model`, whose readable reference these
kernels must equal on every outcome. Importing a module of this package
compiles it, or loads it from the cache; nothing else of the project is loaded.
"""
