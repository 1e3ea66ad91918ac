"""What scripts/sdk-contract, scripts/sdk-check and scripts/sdk-fuzz share. Standard library of Python 3.9 only."""
