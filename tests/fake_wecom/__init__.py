"""A WeCom for tests and for trying things by hand: ``python -m tests.fake_wecom``.

Three parts, each on loopback: the AI bot's long connection (``robot``), the HTTP API with its errcodes and limits
(``api``), and the sender of callbacks that tries again as the platform does (``caller``).
"""
