"""Train the default model's adapters and reading heads from the project's own data."""
