"""Closed forms of operational research that the project computes and is checked against.

Low in the package: imports only errors, NumPy and SciPy. Every function is
deterministic; probabilities and fractions lie in 0 to 1; rates and times share
one unit of time of the caller's choice.
"""
