"""The web: the provider's webhooks, and what people and monitors look at."""
