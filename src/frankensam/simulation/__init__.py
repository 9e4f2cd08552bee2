"""Replications run and kept: blocks on threads, a store that knows what in it is whole, stop and resume.

- ``execution.run_study(compiled, path, replications=..., seed=..., workers=...) -> ResultStore``
- ``execution.resume_study(compiled, path, workers=...) -> Completion``
- ``store.open_store(path) -> ResultStore``; ``verification.verify_store(path) -> tuple[Finding, ...]``
"""
