"""Run the command line as ``python -m swvtypes``."""

from .cli import main

if __name__ == "__main__":
    main()
