"""What is asked of services outside this machine, and how none of them can do harm."""
