"""What Touchline costs beside the bare server it runs on, measured side by side in one run."""
