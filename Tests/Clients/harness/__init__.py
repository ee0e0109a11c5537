"""Support for the tests: gateway processes, raw HTTP on both sides, and readers of the journal and the sandbox's ledger."""
