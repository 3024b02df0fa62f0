"""The JSON interface: ask and read with a token or a browser's session."""
