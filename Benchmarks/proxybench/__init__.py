"""Measures proxies side by side: the gateway and its alternatives. Start reading at __main__.py."""
