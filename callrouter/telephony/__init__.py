"""The telephone side: what a provider must do, one folder for each provider, and a phone network to play calls on."""
