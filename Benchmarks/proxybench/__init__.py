"""Measures proxies side by side: the gateway and what people would use instead. Start reading at __main__.py."""
