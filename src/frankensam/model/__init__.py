"""The campaign in readable Python: the reference that specifies what the kernels compute.

Slow and obvious on purpose. It shares with `frankensam.kernels` the random
numbers (`kernels.philox`) and the declarations of the arrays, nothing else.
`docs/model.md` states the same in equations.
"""
