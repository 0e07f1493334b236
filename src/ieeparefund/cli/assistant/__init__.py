"""The tools an assistant can call (extra `mcp`): typed arguments in, the command line's JSON out."""
