"""Language models behind the port: a service that replies, its replies recorded, and those played again."""
