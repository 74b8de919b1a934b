"""The page for a phone: the same answers in any browser, in WeCom's workbench, or without a token on this machine."""
