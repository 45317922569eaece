"""The simulator: the real functions under every schedule and every fault, on an AWS in memory."""
