"""Speed, measured: kernels against the readable reference and against what a user would write instead, in one run.

Every figure is a ratio of two measurements taken one after the other on the
machine it is printed with, and what is compared is checked to be the same
while it is measured. ``docs/performance.md`` says what the rows mean.
"""
