"""Measure the default model, as the package has it and as it was trained, on plans that it was not trained on."""
