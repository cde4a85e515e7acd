"""How much memory this process has held at most. Imports nothing more: it is read in a bare Python too."""

__all__ = ["peak"]


def peak() -> float:
    """MiB, of this process alone: `ru_maxrss`, which other systems have, also remembers the process that started it."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
