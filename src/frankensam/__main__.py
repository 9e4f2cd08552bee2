"""``python -m frankensam`` is the command line."""

from frankensam.cli import main

if __name__ == "__main__":
    main()
