"""The site: asks, shows, keeps and publishes the articles that the core writes."""
