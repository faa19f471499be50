"""How long it takes from the receipt of a worrying report until the call about it is handed to the mail server, alone
and beside ordinary reports. Run it with ``python -m benchmarks.alerts``.
"""
